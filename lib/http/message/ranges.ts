/** The Range field (RFC 9110, 14.2), by the package `range-parser`. */
import { loadPackage } from './packages.ts';

/** A range of bytes, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

interface Parsed extends Array<ByteRange> {
  type: string;
}

type ParseRange = (size: number, header: string, options: { combine: boolean }) => Parsed | -1 | -2;

/** The maximum number of ranges of one request; a field with more is ignored as an attack. */
const RANGES_MAX = 16;

let parse: ParseRange | null = null;

/**
 * The requested ranges of `size` bytes. Returns [] when none of them is within the content (416),
 * and null when there is no Range field or it must be ignored. Overlapping ranges are combined.
 */
export function readRanges(header: string | null, size: number): readonly ByteRange[] | null {
  if (header === null) return null;
  // A malformed field is ignored as a whole; the package would accept parts of it.
  if (!RANGES.test(header) || header.split(',').length > RANGES_MAX) return null;
  // A suffix longer than the content means all of it; the package would treat it as no range.
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
