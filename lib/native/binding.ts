/**
 * The types of the addon's exports. The addon does not check arguments against them: that is done
 * in the rooms above, where the message can name the user's own argument.
 *
 * Calls that can fail return a negative errno; `errnoError` in core converts it to an Error.
 */

import type { LayerMaker } from './tls-binding.ts';

/**
 * The limits for the head of an HTTP message. They belong to a listener or to one connection and
 * never change, since a parser may already have read part of a head. Limits left out have their
 * defaults; C++ lowers values that are larger than it supports.
 */
export interface MessageLimits {
  /** The size of the first line and of each field in bytes: 8190 by default, 60000 at most. */
  readonly lineSize?: number;
  /** The number of fields of a head, and separately of trailers: 128 by default, 4096 at most. */
  readonly headers?: number;
  /** The size of the whole head in bytes: 65535 by default, and at most. */
  readonly headSize?: number;
}

/** What a program is started with; see SpawnOptions in lib/process/options.ts. */
export interface SpawnRequest {
  /** The paths to try, in order. */
  readonly programs: readonly string[];
  /** The arguments, beginning with the program's own name. */
  readonly args: readonly string[];
  /** `NAME=value` each. */
  readonly env: readonly string[];
  readonly cwd: string | undefined;
  /** For stdin, stdout and stderr: a descriptor, or `STDIO_*`. */
  readonly stdio: readonly [number, number, number];
  readonly passFds: readonly number[];
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly umask: number | undefined;
  readonly processGroup: number | undefined;
  /** Whether it gets a new session, and may outlive the loop. */
  readonly detached: boolean;
}

/**
 * The native part of one event loop. Every method is safe to call after `close()`, and then does
 * nothing.
 */
export interface NativeEngine {
  /**
   * Shares a region of memory (`REGION_*`) with C++; a region may be replaced by a larger one
   * later.
   */
  bind(region: number, memory: ArrayBuffer): void;
  /** Receive chunks by slot, filled by C++ as it needs them. */
  readonly chunks: Uint8Array[];
  /** Name of the driver: `epoll`, `kqueue`, `virtual`. */
  readonly driver: string;
  /** Whether its clock is the system's, not a simulated one. */
  readonly followsSystemTime: boolean;
  /** Seconds on the loop's monotonic clock. */
  now(): number;
  /** Processes all submissions now, without polling. */
  submit(): void;
  /**
   * Does one turn without the dispatch: submit, wait, reap.
   * @param wait - whether it may wait for an event when nothing is ready
   * @param longest - seconds it may wait at most, in real time; any number by default
   * @returns 0; 1 when there are signals to take; -EDEADLK when it would wait and nothing could
   *   ever wake it
   */
  turn(wait: boolean, longest?: number): number;
  /**
   * Listens for signals, for a run that owns the main thread. Node's own listeners are still
   * called, but only after the run.
   * @param changes - pairs of a signal's number and how: -1 not any more; 0 listen; 1 listen, and
   *   one that comes before the last was taken ends the process. Null: no signal any more
   */
  watchSignals(changes: readonly number[] | null): void;
  /** The number of a pending signal, once for each arrival; 0 when none is left. */
  takeSignal(): number;
  /**
   * Runs as a guest of Node's loop: C++ does the turns and calls `dispatch` whenever something is
   * ready.
   */
  attach(dispatch: (inVain: boolean) => void): void;
  /**
   * Called when something was queued outside a dispatch and the queue was empty: keeps Node's loop
   * alive and wakes it. Cheap, but not free, so the rings call it only on that change.
   */
  poke(): void;
  /** Updates the statistics in the control block (`STATISTICS_*`). */
  measure(): void;
  /**
   * Stops running as a guest, or ends a run that owned the thread. Pending submissions are kept for
   * the next `attach`.
   */
  detach(): void;
  /** Frees everything and closes all descriptors. */
  close(): void;

  /**
   * Opens a listening socket on a numeric address, or (`PORT_UNIX`) on a path. Nothing is accepted
   * before `ACCEPT_START`.
   * @param limits - of the HTTP connections that it will accept, as long as they live
   * @param layers - makes the layer of each connection; `CONNECT` tells that its handshake is
   * through, or has failed
   * @returns the handle's index (generation in CONTROL_LAST_GENERATION), or negative errno
   */
  listen(
    address: string,
    port: number,
    flags: number,
    backlog: number,
    limits?: MessageLimits | null,
    layers?: LayerMaker | null,
  ): number;
  /** The same on an existing bound socket; an error leaves it unchanged. */
  listenOn(
    descriptor: number,
    flags: number,
    backlog: number,
    limits?: MessageLimits | null,
    layers?: LayerMaker | null,
  ): number;
  /**
   * Starts to connect to a numeric address, or (`PORT_UNIX`) to a path; `CONNECT` reports the end.
   * `local` may be ''.
   * @param limits - of the responses on an HTTP connection, as long as it lives
   */
  connect(
    address: string,
    port: number,
    local: string,
    localPort: number,
    flags: number,
    limits?: MessageLimits | null,
  ): number;
  /**
   * Creates two connected in-memory handles: [index, generation, index, generation], or negative
   * errno.
   */
  pair(): number[] | number;
  /** Watches a descriptor of the user; `POLL_START` says for what. */
  watch(descriptor: number): number;
  /** Whether a descriptor belongs to a handle of this engine. */
  serves(descriptor: number): boolean;
  /** The kind of a descriptor (`DESCRIPTOR_*`), or negative errno. */
  examine(descriptor: number): number;
  /**
   * Creates a stream over an existing descriptor.
   * @param traits - the result of `examine`, with the directions to use, and optionally
   *   `DESCRIPTOR_SHARED`
   * @param flags - `SOCKET_HTTP_CLIENT`, when it is read as responses
   * @param limits - of those; null for the usual ones
   * @returns the handle's index, or negative errno: the descriptor is then as it was
   */
  adopt(descriptor: number, traits: number, flags: number, limits: MessageLimits | null): number;
  /**
   * Switches a connection to receiving WebSocket frames, including bytes already received.
   * @param flags - `WEB_SOCKET_…`
   * @param messageSize - the maximum size of a message in bytes
   * @returns 0, or -EBADF when it is gone
   */
  upgrade(handle: number, generation: number, flags: number, messageSize: number): number;
  /**
   * From now on a connection receives bytes, with what came already.
   * @returns 0, or -EBADF when it is gone
   */
  leaveMessages(handle: number, generation: number): number;
  /**
   * Sends the bytes `from` up to `to` of a buffer from their place, behind everything that was
   * written before. A rest that is small is copied; a large one stays with the caller, who gives it
   * again after a `DRAIN`. No pointer into the buffer outlives the call.
   * @returns how many bytes were taken; -EFAULT when the buffer has not these bytes (any more);
   *   -EPIPE when the connection is gone
   */
  write(handle: number, generation: number, data: Uint8Array, from: number, to: number): number;
  /**
   * Sends as much as the socket accepts now of the `count` bytes at `offset` of a file.
   * @returns bytes, 0 at the file's end; -EAGAIN: `POLL` tells when it is worth another try, or,
   *   when something else was to be sent, `DRAIN` if that is asked for; -EOPNOTSUPP where it cannot
   *   be done; -EPIPE when the connection is gone
   */
  sendFile(handle: number, generation: number, file: number, offset: number, count: number): number;
  /**
   * Reads into the caller's memory after `READABLE`. @returns bytes; 0 at the end; negative errno
   */
  receive(handle: number, generation: number, into: Uint8Array): number;
  /**
   * Whether a connection that is being read is open and has received nothing that was not reported.
   * @param ask - whether to ask the kernel for data that arrived since the last turn
   */
  quiet(handle: number, generation: number, ask: boolean): boolean;
  /**
   * Adds a layer to a connection. Nothing more is received until `beginLayer`. Bytes written before
   * are sent without the layer.
   * @returns 0, or negative errno: -EINVAL when it is not a maker
   */
  setLayer(handle: number, generation: number, maker: LayerMaker): number;
  /**
   * Begins the handshake; `CONNECT` reports its end, and `LAYER` its questions on the way.
   * @param data - bytes that were already received and reported
   */
  beginLayer(handle: number, generation: number, data: Uint8Array | null): number;
  /** Answers the question that the layer is waiting with. @param maker - null for "no" */
  answerLayer(handle: number, generation: number, maker: LayerMaker | null): number;
  /** Requests information from the layer (`TELL_…`); empty when it has none. */
  askLayer(handle: number, generation: number, what: number): Buffer;
  /** Passes something to a relay (`FEED_…`): bytes, or a number of bytes. @returns 0, or -EBADF */
  feedLayer(handle: number, generation: number, what: number, given: Uint8Array | number): number;
  /** The reason why a message was refused, in words, by the offset of `MESSAGE_FAILED`. */
  refusalText(refusal: number): string;
  /** `[address, port, family]` of one end, or negative errno. */
  address(handle: number, generation: number, which: number): [string, number, number] | number;
  /** `[pid, uid, gid]` of the peer of a Unix socket, or negative errno. */
  credentials(handle: number, generation: number): [number, number, number] | number;
  /** The number of bytes, queued or sent, that the peer has not acknowledged. */
  unconfirmed(handle: number, generation: number): number;
  /**
   * Bytes of a connection that were sent and that its peer has confirmed. They become more by what
   * the peer does alone, however much is sent meanwhile.
   */
  confirmed(handle: number, generation: number): number;
  /** The descriptor number, or negative errno. */
  descriptor(handle: number, generation: number): number;
  /** Sets an option by its name (lib/io/socket-options.ts). */
  option(handle: number, generation: number, name: string, value: number): number;

  /** Sends everything queued on a stream, and blocks until the system has taken it. */
  sendEverything(handle: number, generation: number): void;
  /**
   * Creates a datagram socket. `local` and `remote` may be ''; nothing is received before
   * `READ_START`.
   * @param flags - `SOCKET_…` of the layout
   * @returns the handle's index (generation in CONTROL_LAST_GENERATION), or negative errno
   */
  datagrams(
    family: number,
    local: string,
    localPort: number,
    remote: string,
    remotePort: number,
    flags: number,
  ): number;
  /** The same over an existing socket, which may be a Unix one; an error leaves it unchanged. */
  datagramsOn(descriptor: number): number;
  /** Joins or leaves a multicast group; '' lets the system choose the interface. */
  joinGroup(
    handle: number,
    generation: number,
    group: string,
    multicastInterface: string,
    joins: boolean,
  ): number;
  /**
   * Sets the link between two hosts of a simulated network, in both directions; '' is every host.
   * @param latency - nanoseconds; so is `jitter`, the maximum random addition for each packet
   * @param loss - probability that a packet is lost
   * @returns 0; -EINVAL when a host is not a numeric address; -EOPNOTSUPP with a real network
   */
  setLink(one: string, other: string, latency: number, jitter: number, loss: number): number;
  /** Cuts such a link, or repairs it. @returns as `setLink` */
  cutLink(one: string, other: string, isCut: boolean): number;
  /** Sets the interface for outgoing multicast. */
  multicastInterface(
    handle: number,
    generation: number,
    family: number,
    multicastInterface: string,
  ): number;
  /** The host, as text, of an address in words (`PEER_…` of the layout). */
  formatHost(words: Uint8Array): string;
  /**
   * Writes a numeric host and a port, or a path and `PORT_UNIX`, as words. `words` must have room
   * for `PEER_WORDS_MAX`.
   * @returns how many words; 0 for a host that is not numeric, or a path that is too long
   */
  parseHost(host: string, port: number, words: Uint8Array): number;

  /**
   * getaddrinfo on a thread of the engine's own. Family 0, 4 or 6; `SERVICE_…` of the layout. The
   * returned request number comes back in the handle field of `RESOLVED`.
   */
  resolve(host: string, service: string, family: number, flags: number, type: number): number;
  /**
   * getnameinfo; `resolved()` then returns host and service. @returns the request number; 0 when
   * the host is not numeric
   */
  resolveBack(host: string, port: number, flags: number): number;
  /** The addresses of a completed request, each [address, port, family]. */
  resolved(request: number): Array<[string, number, number]>;
  /** Forgets a request: it will not complete. */
  resolveCancel(request: number): void;

  /**
   * Starts a program on another thread, and tells that by `SPAWNED`.
   * @returns the number of the request; 0 on a loop in virtual time
   */
  spawn(request: SpawnRequest): number;
  /**
   * What became of a request, once: a handle, which its end completes with `EXITED` and `CLOSED`.
   * @returns `[handle, pid, stdin, stdout, stderr]`, our ends of pipes (-1 for none), to be
   *   adopted or closed by `closePipe`; or `[negative errno, SPAWN_STAGE_*]`
   */
  spawned(request: number): number[];
  /** Closes an end that was not adopted. */
  closePipe(descriptor: number): void;
  /** Whether it had not begun, and will not. Else `SPAWNED` comes. */
  cancelSpawn(request: number): boolean;
  /** Sends a signal to a child: 0, or negative errno; -ESRCH once it has ended. */
  signalChild(handle: number, generation: number, signal: number): number;

  /** The number of the loop's inbox, which is opened by the first call; 0 once it is closed. */
  inbox(): number;
  /**
   * Runs the C callbacks that other threads posted, up to the next post for JavaScript, and copies
   * that post into `memory`.
   * @param memory - null drops the post, when no memory can be allocated for it
   * @returns the post's size; 0 when there is none; minus its size when `memory` is too small
   */
  takePosted(memory: Uint8Array | null): number;
  /** Answers a call by a post to the caller's inbox. */
  postAnswer(caller: number, call: number, bytes: Uint8Array, size: number): number;
  /** Counts (+1, -1) answers owed by other threads; while there are any, virtual time stops. */
  expectWake(change: number): void;
  /**
   * Counts (+1, -1) reasons for which other threads may post; while there are any, waiting is no
   * deadlock.
   */
  allowWake(change: number): void;
}

/** An inbox for a thread without a running loop; it lives as long as the thread. */
export interface NativeMailbox {
  inbox(): number;
  /** As in NativeEngine; `first` is true for the first call of a round. */
  takePosted(memory: Uint8Array | null, first: boolean): number;
  /** Keeps the thread alive until `unref()`; at first it does not. */
  ref(): void;
  unref(): void;
}

/** An address: the path of a Unix socket, or a numeric host and a port. */
export type NativeAddress = string | [host: string, port: number];

/**
 * The system calls of class Socket, which need no loop. Sockets are non-blocking, and
 * close-on-exec. An address is given as a numeric host and a port, or as a path and -1. Failures
 * are negative errnos; -EAGAIN when the call would have to wait.
 */
export interface NativeSockets {
  /** @param family - 4, 6, or 0 for a Unix socket */
  open(family: number, type: string, protocol: number): number;
  /** Two connected Unix sockets. */
  pair(type: string): [number, number] | number;
  /** Another descriptor of the same socket, close-on-exec. */
  duplicate(descriptor: number): number;
  /** The properties of an existing socket. */
  examine(
    descriptor: number,
  ): [family: number, type: string, protocol: number, listens: boolean] | number;
  /** Makes it non-blocking and close-on-exec. */
  prepare(descriptor: number): number;
  bind(descriptor: number, host: string, port: number): number;
  listen(descriptor: number, backlog: number): number;
  /** Starts to connect. -EINPROGRESS: `error` returns the outcome once it is writable. */
  connect(descriptor: number, host: string, port: number): number;
  accept(descriptor: number): number;
  /** @param from - whether to return the sender's address */
  receive(descriptor: number, into: Uint8Array, from: false): number;
  receive(descriptor: number, into: Uint8Array, from: true): [number, NativeAddress] | number;
  /** Sends the bytes from the index `from` on, to the given address if any. */
  send(descriptor: number, data: Uint8Array, from: number, host?: string, port?: number): number;
  /** Sends bytes over a Unix socket, with descriptors attached to the first of them. */
  sendDescriptors(
    descriptor: number,
    data: Uint8Array,
    list: Int32Array,
    host?: string,
    port?: number,
  ): number;
  /**
   * Receives bytes and descriptors. `cut`: more descriptors came than were wanted, or than there
   * was room for; those are closed.
   */
  receiveDescriptors(
    descriptor: number,
    into: Uint8Array,
    wanted: number,
  ): [count: number, cut: boolean, ...descriptors: number[]] | number;
  /** Sends from a file. @returns bytes; 0 at its end; -EOPNOTSUPP where that is not possible */
  sendFile(descriptor: number, file: number, offset: number, count: number): number;
  /** @param how - 0 ends receiving, 1 sending, 2 both */
  shutdown(descriptor: number, how: number): number;
  setOption(descriptor: number, name: string, value: number): number;
  getOption(descriptor: number, name: string): [number] | number;
  /** @param which - ADDRESS_LOCAL or ADDRESS_PEER */
  address(descriptor: number, which: number): NativeAddress | number;
  /** The pending error of the socket since the last call (SO_ERROR), 0 for none. */
  error(descriptor: number): number;
  close(descriptor: number): void;
}

/** Information about open files. */
export interface NativeFiles {
  /**
   * Compares a file with a stamp of 48 bytes, and updates the stamp. @returns 1 when it is
   * unchanged, otherwise 0; or a negative errno
   */
  look(descriptor: number, stamp: BigInt64Array): number;
}

/** The system errors that this package compares with or creates. */
export type ErrnoName =
  | 'EADDRNOTAVAIL'
  | 'EAGAIN'
  | 'EALREADY'
  | 'EBADF'
  | 'EBUSY'
  | 'ECONNRESET'
  | 'EFAULT'
  | 'EOPNOTSUPP'
  | 'EINPROGRESS'
  | 'EISCONN'
  | 'EMSGSIZE'
  | 'ENOBUFS'
  | 'EPIPE'
  | 'EPROTO'
  | 'ESRCH'
  | 'ETIMEDOUT';

export interface NativeAddon {
  readonly layoutHash: number;
  /** The version of the interface between this addon and that of TLS. */
  readonly layerAbi: number;
  /** Creates a maker of layers whose work is done in JavaScript (lib/tls/node-relay.ts). */
  relayMaker(): LayerMaker;
  /**
   * @param driver - 'auto' | 'epoll' | 'kqueue' | 'virtual'
   * @param firstGeneration - the first generation and request number; for tests, 0 by default
   */
  readonly Engine: new (driver: string, seed: number, firstGeneration?: number) => NativeEngine;
  /**
   * Creates a function that writes the monotonic time, in seconds, into the first f64 of `memory`.
   */
  makeClock(memory: ArrayBuffer): () => void;
  /** Whether this is the main thread, not a worker. */
  readonly isMainThread: boolean;
  /** Handles an error as Node handles an uncaught one. */
  tellUncaught(error: unknown): void;
  /** The negative errnos of this platform. */
  readonly errnos: Readonly<Record<ErrnoName, number>>;
  /** The name of an errno ('ECONNRESET') and its text. */
  errnoName(errno: number): [string, string];

  /** @param notify - called from Node's loop when a post has arrived */
  readonly Mailbox: new (notify: () => void) => NativeMailbox;
  /**
   * Posts bytes (`POST_…` in the layout) to an inbox of any thread.
   * @returns the number of the post, or a negative code of native/include/oxbow.h
   */
  post(inbox: number, bytes: Uint8Array, size: number): number;
  /** Cancels a post. @returns true when it will never be taken; false when it is too late */
  cancelPosted(inbox: number, number: number): boolean;
  /** Whether this inbox is open. */
  isOpen(inbox: number): boolean;
  /** A random text, created when the binary is loaded, that identifies this process. */
  readonly processTag: string;
  readonly files: NativeFiles;
  readonly sockets: NativeSockets;
  /** An External with the function table of native/include/oxbow.h. */
  readonly nativeApi: object;
}
