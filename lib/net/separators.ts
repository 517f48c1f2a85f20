import { LimitOverrunError } from '../core/errors/errors.ts';
import type { ByteQueue } from './byte-queue.ts';
import { bytesOf, notDataError } from '../io/data.ts';

/** What `readuntil` looks for. */
export type Separator = string | Uint8Array;

export const NEWLINE: readonly Buffer[] = [Buffer.from('\n')];

/** One separator or several, checked and as bytes. */
export function separatorList(given: Separator | readonly Separator[]): readonly Buffer[] {
  const list = Array.isArray(given) ? (given as readonly Separator[]) : [given as Separator];
  if (list.length === 0) throw new RangeError('separator: the list is empty');
  return list.map((one) => {
    const bytes = typeof one === 'string' ? Buffer.from(one) : bytesOf(one);
    if (bytes === undefined) throw notDataError(one, 'separator');
    if (bytes.length === 0) throw new RangeError('separator must be at least one byte long');
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  });
}

/** A search that continues where it stopped when more bytes arrive. */
interface Search {
  readonly _separators: readonly Buffer[] | null;
  _scanned: number;
}

/**
 * The end of the shortest match, or -1 if there is none yet.
 * @returns an error instead if the match, or the bytes searched without one, exceed `limit`
 */
export function findEnd(
  queue: ByteQueue,
  search: Search,
  limit: number,
): number | LimitOverrunError {
  const separators = search._separators!;
  let start = -1;
  let end = -1;
  let longest = 0;
  for (const separator of separators) {
    const at = queue.indexOf(separator, search._scanned);
    longest = Math.max(longest, separator.length);
    if (at !== -1 && (end === -1 || at + separator.length < end)) {
      start = at;
      end = at + separator.length;
    }
  }
  if (start > limit) {
    return new LimitOverrunError('Separator is found, but chunk is longer than limit', start);
  }
  if (end !== -1) return end;
  // A separator may have started in the last bytes; the search continues from there.
  search._scanned = Math.max(search._scanned, queue.size + 1 - longest);
  if (search._scanned <= limit) return -1;
  return new LimitOverrunError(
    'Separator is not found, and chunk exceed the limit',
    search._scanned,
  );
}
