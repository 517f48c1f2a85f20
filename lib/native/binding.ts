/**
 * What the addon offers, as types. The addon trusts these: arguments are checked in the rooms
 * above, where the message can name the user's own argument.
 *
 * Calls that can fail answer with a negative errno; `errnoError` in core makes the Error of it.
 */

/** One event loop's native half. Every method is safe to call after `close()`: it does nothing. */
export interface NativeEngine {
  /** Lends a region of memory (`REGION_*`); a region may be lent again, larger. */
  bind(region: number, memory: ArrayBuffer): void;
  /** Receive chunks by slot, filled by C++ as it needs them. */
  readonly chunks: Uint8Array[];
  /** Name of the driver: `epoll`, `virtual`. */
  readonly driver: string;
  /** Seconds on the loop's monotonic clock. */
  now(): number;
  /** Takes every submission now, without polling. */
  submit(): void;
  /**
   * One turn without the dispatch: submit, wait, reap.
   * @param wait - whether it may wait for an event when nothing is ready
   * @returns 0 ok, or -EDEADLK when it would wait and nothing could ever wake it
   */
  turn(wait: boolean): number;
  /** Rides inside Node's loop: C++ turns and calls `dispatch` whenever something is ready. */
  attach(dispatch: () => void): void;
  /**
   * Something was queued outside a dispatch where nothing was before: keeps Node's loop alive and
   * makes it come round. Cheap, but not free, so the rings call it on that change only.
   */
  poke(): void;
  /** Stops riding. Pending submissions stay; `attach` goes on with them. */
  detach(): void;
  /** Frees everything; descriptors are closed. */
  close(): void;

  /**
   * Opens a listening socket on a numeric address. Nothing is accepted before `ACCEPT_START`.
   * @returns the handle's index (generation in CONTROL_LAST_GENERATION), or negative errno
   */
  listen(address: string, port: number, flags: number, backlog: number): number;
  /** Starts to connect to a numeric address; `CONNECT` completes it. `local` may be ''. */
  connect(
    address: string, port: number, local: string, localPort: number, flags: number,
  ): number;
  /** Two connected handles [index, generation, index, generation] in memory, or negative errno. */
  pair(): number[] | number;
  /** Watches a descriptor that is not ours; `POLL_START` says for what. */
  watch(descriptor: number): number;
  /**
   * Sends a buffer from its place, behind everything that was written before. What the kernel
   * does not take at once is copied, so the buffer is free when the call returns.
   */
  write(handle: number, generation: number, data: Uint8Array): number;
  /** Reads into the caller's own memory after `READABLE`. Bytes, 0 at the end, negative errno. */
  receive(handle: number, generation: number, into: Uint8Array): number;
  /** `[address, port, family]` of one end, or negative errno. */
  address(handle: number, generation: number, which: number): [string, number, number] | number;
  /** The descriptor number, or negative errno. */
  descriptor(handle: number, generation: number): number;
  /** Sets an option: 'noDelay' | 'keepAlive' | 'receiveBuffer' | 'sendBuffer'. */
  option(handle: number, generation: number, name: string, value: number): number;

  /**
   * getaddrinfo on a thread of the engine's own. Family 0, 4 or 6. The returned request number
   * comes back in the handle field of `RESOLVED`.
   */
  resolve(host: string, service: string, family: number, flags: number): number;
  /** The addresses of a request that has completed: [address, port, family] each. */
  resolved(request: number): Array<[string, number, number]>;
  /** Forgets a request: it will not complete. */
  resolveCancel(request: number): void;

  /** HTTP limits for the connections made from now on (bytes, count, bytes, bytes). */
  messageLimits(line: number, fields: number, head: number, body: number): void;
}

export interface NativeAddon {
  readonly layoutHash: number;
  /** @param driver - 'auto' | 'epoll' | 'virtual' */
  readonly Engine: new (driver: string, seed: number) => NativeEngine;
  /** A function that writes the monotonic seconds into the first f64 of `memory`. */
  makeClock(memory: ArrayBuffer): () => void;
  /** Name of an errno ('ECONNRESET') and its text. */
  errnoName(errno: number): [string, string];
}
