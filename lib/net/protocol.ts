import type { Transport } from './transport.ts';

/**
 * The base of all protocols: the start, the end, and the two signals of write flow control. The
 * transport calls the methods one at a time, in this order:
 * `connectionMade`, any number of the others, `connectionLost` exactly once.
 */
export class BaseProtocol<T = Transport> {
  /** The connection is established. Keep `transport`: it is needed to write and to close. */
  connectionMade(_transport: T): void {}

  /**
   * The connection is gone; nothing is called after this.
   * @param error - null after a regular close or our own `abort()`, else the error
   */
  connectionLost(_error: unknown): void {}

  /** More than the high watermark is unsent: stop writing. Called inside `write()`. */
  pauseWriting(): void {}

  /** The unsent bytes have fallen to the low watermark: write again. */
  resumeWriting(): void {}
}

/**
 * A protocol that receives its bytes in Buffers.
 *
 * @example
 * class Echo extends Protocol {
 *   connectionMade(transport) { this.transport = transport; }
 *   dataReceived(data) { this.transport.write(data); }
 * }
 * const server = yield* createServer(() => new Echo(), '127.0.0.1', 8888);
 */
export class Protocol extends BaseProtocol {
  /**
   * Bytes arrived. The Buffer may be kept: it is never overwritten, except after
   * `transport.setTransientReads(true)`, when it is valid during this call only. It is a view of
   * memory that connections share, like a Buffer of Node's pool, so its `buffer` cannot be
   * transferred: give a copy to another thread.
   */
  dataReceived(_data: Buffer): void {}

  /**
   * The peer will send nothing more. Return true to continue writing (a half-open connection);
   * otherwise the transport closes itself once everything written is sent.
   */
  eofReceived(): boolean | void {}
}

/**
 * A protocol that provides its own memory: bytes go from the kernel straight into it, and a read
 * allocates nothing.
 *
 * @example
 * class Reader extends BufferedProtocol {
 *   memory = Buffer.alloc(65536);
 *   getBuffer() { return this.memory; }
 *   bufferUpdated(size) { parse(this.memory.subarray(0, size)); }
 * }
 */
export class BufferedProtocol extends BaseProtocol {
  /**
   * Memory for the next read, at least one byte of it.
   * @param sizeHint - the recommended size in bytes, -1 for any size
   */
  getBuffer(_sizeHint: number): Uint8Array {
    throw new TypeError(`${this.constructor.name} must define getBuffer(sizeHint)`);
  }

  /** The first `count` bytes of the memory from `getBuffer` have been filled. */
  bufferUpdated(_count: number): void {}

  /** As {@link Protocol.eofReceived}. */
  eofReceived(): boolean | void {}
}

/** A protocol of either kind. */
export type AnyProtocol = Protocol | BufferedProtocol;

/** Creates the protocol of one connection; called without arguments for each. */
export type ProtocolFactory<P extends AnyProtocol = AnyProtocol> = () => P;

/** Whether bytes are to be read into the protocol's own memory. */
export function isBuffered(protocol: AnyProtocol): protocol is BufferedProtocol {
  return typeof (protocol as BufferedProtocol).getBuffer === 'function';
}

/** Whether it keeps the bytes given to `dataReceived`, so that transient reads do not apply. */
export function keepsBytes(protocol: AnyProtocol): boolean {
  return (protocol as { _keepsBytes?: boolean })._keepsBytes === true;
}

/** Refuses a factory that is not a function, before anything is opened. */
export function checkFactory(protocolFactory: unknown): void {
  if (typeof protocolFactory !== 'function') {
    throw new TypeError(
      `protocolFactory must be a function that returns a protocol, not ${typeof protocolFactory}`,
    );
  }
}

/** Refuses anything but a protocol, with an error that names what the factory returned. */
export function checkProtocol(protocol: unknown): void {
  const candidate = protocol as Partial<BaseProtocol> | null | undefined;
  if (
    typeof candidate?.connectionMade === 'function' &&
    typeof candidate.connectionLost === 'function'
  )
    return;
  const given =
    protocol === null || typeof protocol !== 'object'
      ? String(protocol)
      : `an instance of ${protocol.constructor?.name ?? 'Object'}`;
  throw new TypeError(`a protocol must have connectionMade() and connectionLost(), not ${given}`);
}
