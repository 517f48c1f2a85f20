/**
 * Receiving much into its own memory: when that is worth it, and how large the memory is. Who only
 * says that it has much to send makes us keep no more than it sends.
 */

/** So much has come, and so much is still to come. */
const FROM = 32 * 1024;
const REST = 64 * 1024;

/** What is received at once: other connections have their turn between two of them. */
export const ROOM_AT_ONCE: number = 512 * 1024;

/** The memory has at most so many times the bytes that have come: of few of them more, to 1 MiB. */
const AHEAD_OF_FEW = 32;
const FEW = 1024 * 1024;
const AHEAD = 4;

/** Whether so much has come that more of it may be received in place. */
export function mayHaveRoom(received: number): boolean {
  return received >= FROM;
}

/** Whether that should begin, of `expected` bytes. */
export function isWorthRoom(received: number, expected: number): boolean {
  return mayHaveRoom(received) && expected - received >= REST && expected !== Infinity;
}

/** How large the memory is of `expected` bytes, of which some are there. */
export function roomFor(received: number, expected: number): number {
  const ahead = Math.min(received * AHEAD_OF_FEW, Math.max(FEW, received * AHEAD));
  return Math.max(received, Math.min(ahead, expected));
}
