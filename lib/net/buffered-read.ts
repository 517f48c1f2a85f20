/**
 * Reading into the protocol's own memory. C++ only reports that there is data; the bytes are read
 * by a call from here, so that the protocol can choose the memory at the last moment.
 */
import { errnoOf } from '../core/errors/errno.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import { bytesOf } from '../io/data.ts';
import type { BufferedProtocol } from './protocol.ts';
import type { Transport } from './transport.ts';

/** One read after READABLE. */
export function receiveInto(transport: Transport, protocol: BufferedProtocol): void {
  const memory = memoryOf(transport, protocol, -1);
  if (memory === undefined) return;
  const count = receive(transport, memory);
  if (count > 0) updated(transport, protocol, count);
}

/** A protocol that provides memory while it waits for many bytes. */
interface Wanting {
  /** The memory to receive into, or null for none. */
  _room(): Uint8Array | null;
  _filled(count: number): void;
}

export function hasRoom(protocol: object): protocol is Wanting {
  return '_room' in protocol;
}

/** One read after READABLE; when the protocol has no more memory, normal delivery resumes. */
export function receiveWanted(transport: Transport, protocol: Wanting): void {
  const memory = protocol._room();
  if (memory === null) {
    transport._read();
    return;
  }
  const count = receive(transport, memory);
  if (count > 0) protocol._filled(count);
}

/** Reads into `memory`. @returns the number of bytes read, 0 when there are none left */
export function receive(transport: Transport, memory: Uint8Array): number {
  const { _handle: handle, _generation: generation } = transport;
  const count = transport._rings.engine.receive(handle, generation, memory);
  if (count > 0) return count;
  if (count === 0) transport._ended();
  else if (count !== errnoOf('EAGAIN')) transport._forceClose(transport._errorOf(count, 'read'));
  return 0;
}

/** Bytes that were received before the protocol asked for reads into its own memory. */
export function feedBuffered(transport: Transport, protocol: BufferedProtocol, data: Buffer): void {
  let rest = data;
  while (rest.length > 0 && !transport.isClosing()) {
    if (!transport.isReading()) {
      transport._holdFirst(rest);
      return;
    }
    const memory = memoryOf(transport, protocol, rest.length);
    if (memory === undefined) return;
    const count = Math.min(memory.length, rest.length);
    memory.set(rest.subarray(0, count));
    rest = rest.subarray(count);
    updated(transport, protocol, count);
  }
}

function memoryOf(
  transport: Transport,
  protocol: BufferedProtocol,
  sizeHint: number,
): Uint8Array | undefined {
  try {
    const memory = bytesOf(protocol.getBuffer(sizeHint));
    if (memory === undefined) throw new TypeError('getBuffer() must return a Uint8Array');
    if (memory.length === 0) throw new RuntimeError('getBuffer() returned an empty buffer');
    return memory;
  } catch (error) {
    transport._fatal(error, 'getBuffer');
    return undefined;
  }
}

function updated(transport: Transport, protocol: BufferedProtocol, count: number): void {
  try {
    protocol.bufferUpdated(count);
  } catch (error) {
    transport._fatal(error, 'bufferUpdated');
  }
}
