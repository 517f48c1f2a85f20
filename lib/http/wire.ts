/** Bytes and text on their way into a connection. */
import type { Rings } from '../native/rings.ts';
import type { RawBuffer } from './raw-buffer.ts';

/**
 * Up to here bytes are copied into the transmit arena, where everything that a turn writes to one
 * connection joins into one system call; longer data is sent from its own place.
 */
const COPY_MAX = 16 * 1024;

/** Where bytes go: the loop's rings and the handle that they are for. */
export interface Outlet {
  readonly _rings: Rings;
  readonly _handle: number;
  readonly _generation: number;
}

export function writeBytes(outlet: Outlet, data: Uint8Array): void {
  const rings = outlet._rings;
  const length = data.byteLength;
  if (length === 0) return;
  if (length > COPY_MAX) {
    rings.engine.write(outlet._handle, outlet._generation, data);
    return;
  }
  const at = rings.reserve(length);
  rings.transmit.set(data, at);
  rings.send(outlet._handle, outlet._generation, at, length);
}

/** Writes text whose characters are all below 256, one byte each. */
export function writeLatin1(outlet: Outlet, text: string): void {
  if (text.length > COPY_MAX) {
    writeBytes(outlet, Buffer.from(text, 'latin1'));
    return;
  }
  const rings = outlet._rings;
  const at = rings.reserve(text.length);
  (rings.transmit as RawBuffer).latin1Write(text, at);
  rings.send(outlet._handle, outlet._generation, at, text.length);
}

export function writeUtf8(outlet: Outlet, text: string): void {
  if (text.length * 3 > COPY_MAX) {
    writeBytes(outlet, Buffer.from(text, 'utf8'));
    return;
  }
  const rings = outlet._rings;
  const at = rings.reserve(text.length * 3);
  const length = (rings.transmit as RawBuffer).utf8Write(text, at);
  rings.send(outlet._handle, outlet._generation, at, length);
}
