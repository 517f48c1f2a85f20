/**
 * Receiving large amounts straight into the final buffer: when that is worth it, and how large the
 * buffer is. A peer that only announces much data cannot make us allocate much.
 */

/** The least bytes already received, and still missing, for which it is worth it. */
const FROM = 32 * 1024;
const REST = 64 * 1024;

/** The most bytes received at once: other connections get their turn in between. */
export const ROOM_AT_ONCE: number = 512 * 1024;

/** The buffer is at most AHEAD times the bytes received; AHEAD_OF_FEW times while below 1 MiB. */
const AHEAD_OF_FEW = 32;
const FEW = 1024 * 1024;
const AHEAD = 4;

/** Whether enough was received for the rest to be received in place. */
export function mayHaveRoom(received: number): boolean {
  return received >= FROM;
}

/** Whether to start doing so, when `expected` bytes are expected in all. */
export function isWorthRoom(received: number, expected: number): boolean {
  return mayHaveRoom(received) && expected - received >= REST && expected !== Infinity;
}

/** The size of the buffer for `expected` bytes, `received` of which have arrived. */
export function roomFor(received: number, expected: number): number {
  const ahead = Math.min(received * AHEAD_OF_FEW, Math.max(FEW, received * AHEAD));
  return Math.max(received, Math.min(ahead, expected));
}
