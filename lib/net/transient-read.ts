/**
 * Reads whose bytes are valid during `dataReceived` only.
 *
 * Bytes that a protocol may keep need memory that is never used again: at 16 KiB a message, most of
 * what an echo costs above a raw one is fetching such memory into the caches of the processor and
 * clearing it. Bytes that nobody keeps can all land in the same place, which is warm. As for a
 * BufferedProtocol, C++ only says that there is something, and the read is a call of ours, made
 * when the protocol is ready to take it; so nothing that was read ever waits in that memory.
 */
import { receive } from './buffered-read.ts';
import { bufferOver } from './fast-buffer.ts';
import type { Transport } from './transport.ts';

/** One read takes at most this much; `write` takes over as much before it returns. */
const SIZE = 64 * 1024;

/** What a protocol that has kept its bytes finds in debug mode. */
const STALE = 0xdd;

/** One for all connections of the thread: a thread runs one callback at a time. */
let memory: Buffer = Buffer.alloc(0);

/** One read after READABLE. */
export function receiveTransient(transport: Transport): void {
  // Empty at first, and when it was transferred to another thread.
  if (memory.length === 0) memory = Buffer.allocUnsafeSlow(SIZE);
  const count = receive(transport, memory);
  if (count === 0) return;
  transport._received(bufferOver(memory, 0, count));
  if (transport._loop._debug) memory.fill(STALE, 0, count);
}
