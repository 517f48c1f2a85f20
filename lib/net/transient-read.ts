/**
 * Reads whose bytes are valid during `dataReceived` only.
 *
 * Bytes that a protocol may keep need fresh memory: at 16 KiB a message, most of the overhead of an
 * echo server over raw epoll is clearing such memory and loading it into the CPU's caches. Bytes
 * that nobody keeps can all be read into the same memory, which stays in the cache. As for a
 * BufferedProtocol, C++ only reports that there is data, and we read it when the protocol is ready
 * to take it; so no data ever waits in that memory.
 */
import { receive } from './buffered-read.ts';
import { bufferOver } from './fast-buffer.ts';
import type { Transport } from './transport.ts';

/** One read takes at most this many bytes; `write` copies up to as many before it returns. */
const SIZE = 64 * 1024;

/** In debug mode, bytes that a protocol kept are overwritten with this value. */
const STALE = 0xdd;

/** One for all connections of the thread: a thread runs one callback at a time. */
let memory: Buffer = Buffer.alloc(0);

/** One read after READABLE. */
export function receiveTransient(transport: Transport): void {
  // Empty at first, and after it was transferred to another thread.
  if (memory.length === 0) memory = Buffer.allocUnsafeSlow(SIZE);
  const count = receive(transport, memory);
  if (count === 0) return;
  transport._received(bufferOver(memory, 0, count));
  if (transport._loop._debug) memory.fill(STALE, 0, count);
}
