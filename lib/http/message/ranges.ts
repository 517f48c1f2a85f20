/** The Range field (RFC 9110, 14.2), by the package `range-parser`. */
import { loadPackage } from './packages.ts';

/** Bytes of something, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

interface Parsed extends Array<ByteRange> {
  type: string;
}

type ParseRange = (size: number, header: string, options: { combine: boolean }) => Parsed | -1 | -2;

/** Ranges of one request; more are taken for an attack and not for ranges. */
const RANGES_MAX = 16;

let parse: ParseRange | null = null;

/**
 * The parts of `size` bytes that a client asks for; [] when it has none of them (416), null when
 * it asks for no parts, or in a way that is to be ignored. Ranges that overlap are put together.
 */
export function readRanges(header: string | null, size: number): readonly ByteRange[] | null {
  if (header === null) return null;
  // What is malformed is ignored as a whole, and is not for a reader that would make sense of it.
  if (!RANGES.test(header) || header.split(',').length > RANGES_MAX) return null;
  // Of more than there is at the end it is all; the package takes that for nothing.
  const text = header
    .replace(/\s/g, '')
    .toLowerCase()
    .replace(
      /([=,]-)(\d+)/g,
      (_, before: string, count: string) => before + Math.min(+count, size),
    );
  for (const [, first, last] of text.matchAll(/(\d+)-(\d+)/g)) {
    if (Number(last) < Number(first)) return null;
  }
  parse ??= loadPackage<ParseRange>('range-parser');
  const ranges = parse(size, text, { combine: true });
  if (ranges === -2) return null;
  return ranges === -1 ? [] : [...ranges];
}

/** `bytes=0-499`, `bytes=500-`, `bytes=-500`, and several with commas between them. */
const RANGES =
  /^bytes\s*=\s*(?:\d{1,15}-\d{0,15}|-\d{1,15})(?:\s*,\s*(?:\d{1,15}-\d{0,15}|-\d{1,15}))*\s*$/i;
