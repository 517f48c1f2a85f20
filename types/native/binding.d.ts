/**
 * What the addon offers, as types. The addon trusts these: arguments are checked in the rooms
 * above, where the message can name the user's own argument.
 *
 * Calls that can fail answer with a negative errno; `errnoError` in core makes the Error of it.
 */
import type { LayerMaker } from './tls-binding.ts';
/**
 * What bounds the head of an HTTP message. They belong to a listener or to one connection and never
 * change: a parser has measured half a head with them. What is left out has its default; C++ cuts
 * off what is more than it can tell of.
 */
export interface MessageLimits {
    /** Bytes of the first line and of each field: 8190 by default, 65000 at most. */
    readonly lineSize?: number;
    /** Fields of a head, and again of trailers: 128 by default, 4096 at most. */
    readonly headers?: number;
    /** Bytes of the whole head: 65536 by default, and at most. */
    readonly headSize?: number;
}
/** What a program is started with. */
export interface SpawnRequest {
    /** Paths to try one after the other. */
    readonly programs: readonly string[];
    /** The program's name for itself first. */
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
    /** A session of its own; it may outlive the loop. */
    readonly detached: boolean;
}
/** One event loop's native half. Every method is safe to call after `close()`: it does nothing. */
export interface NativeEngine {
    /** Lends a region of memory (`REGION_*`); a region may be lent again, larger. */
    bind(region: number, memory: ArrayBuffer): void;
    /** Receive chunks by slot, filled by C++ as it needs them. */
    readonly chunks: Uint8Array[];
    /** Name of the driver: `epoll`, `kqueue`, `virtual`. */
    readonly driver: string;
    /** Whether its clock is the system's, and not one that stands still while code runs. */
    readonly followsSystemTime: boolean;
    /** Seconds on the loop's monotonic clock. */
    now(): number;
    /** Takes every submission now, without polling. */
    submit(): void;
    /**
     * One turn without the dispatch: submit, wait, reap.
     * @param wait - whether it may wait for an event when nothing is ready
     * @param longest - seconds it may wait at most, in real time; any number by default
     * @returns 0 ok; 1 when there are signals to take; -EDEADLK when it would wait and nothing could
     *   ever wake it
     */
    turn(wait: boolean, longest?: number): number;
    /**
     * Listens for signals, for a run that owns the main thread: Node's own listeners are called only
     * after it, but they are.
     * @param changes - pairs of a signal's number and how: -1 not any more; 0 listen; 1 listen, and
     *   one that comes before the last was taken ends the process. Null: no signal any more
     */
    watchSignals(changes: readonly number[] | null): void;
    /** The number of a pending signal, once for each arrival; 0 when none is left. */
    takeSignal(): number;
    /** Rides inside Node's loop: C++ turns and calls `dispatch` whenever something is ready. */
    attach(dispatch: (inVain: boolean) => void): void;
    /**
     * Something was queued outside a dispatch where nothing was before: keeps Node's loop alive and
     * makes it come round. Cheap, but not free, so the rings call it on that change only.
     */
    poke(): void;
    /** Brings the statistics in the control block up to date (`STATISTICS_*`). */
    measure(): void;
    /**
     * Stops riding, and ends a run that owned the thread. Pending submissions stay; `attach` goes on
     * with them.
     */
    detach(): void;
    /** Frees everything; descriptors are closed. */
    close(): void;
    /**
     * Opens a listening socket on a numeric address, or (`PORT_UNIX`) on a path. Nothing is accepted
     * before `ACCEPT_START`.
     * @param limits - of the HTTP connections that it will accept, as long as they live
     * @param layers - makes the layer of each connection; `CONNECT` tells that its handshake is
     * through, or has failed
     * @returns the handle's index (generation in CONTROL_LAST_GENERATION), or negative errno
     */
    listen(address: string, port: number, flags: number, backlog: number, limits?: MessageLimits | null, layers?: LayerMaker | null): number;
    /** The same on a bound socket that others have made; errors leave it as it was. */
    listenOn(descriptor: number, flags: number, backlog: number, limits?: MessageLimits | null, layers?: LayerMaker | null): number;
    /**
     * Starts to connect to a numeric address, or (`PORT_UNIX`) to a path; `CONNECT` completes it.
     * `local` may be ''.
     * @param limits - of the responses on an HTTP connection, as long as it lives
     */
    connect(address: string, port: number, local: string, localPort: number, flags: number, limits?: MessageLimits | null): number;
    /** Two connected handles [index, generation, index, generation] in memory, or negative errno. */
    pair(): number[] | number;
    /** Watches a descriptor that is not ours; `POLL_START` says for what. */
    watch(descriptor: number): number;
    /** Whether a descriptor is one of a connection, a listener or the like. */
    serves(descriptor: number): boolean;
    /** What a descriptor is (`DESCRIPTOR_*`), or negative errno. */
    examine(descriptor: number): number;
    /**
     * A stream over a descriptor that others have made.
     * @param traits - what `examine` has told, with the directions that it is used in, and
     *   `DESCRIPTOR_SHARED`
     * @param flags - `SOCKET_HTTP_CLIENT`, when it is read as responses
     * @param limits - of those; null for the usual ones
     * @returns the handle's index, or negative errno: the descriptor is then as it was
     */
    adopt(descriptor: number, traits: number, flags: number, limits: MessageLimits | null): number;
    /**
     * From now on a connection receives frames of a WebSocket, with what came already.
     * @param flags - `WEB_SOCKET_…`
     * @param messageSize - bytes that a message may have
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
     * -EPIPE when the connection is gone
     */
    write(handle: number, generation: number, data: Uint8Array, from: number, to: number): number;
    /**
     * Sends from a file what the socket takes at once, of `count` bytes at `offset`.
     * @returns bytes, 0 at the file's end; -EAGAIN: `POLL` tells when it is worth another try, or,
     * when something else was to be sent, `DRAIN` if that is asked for; -EOPNOTSUPP where it cannot
     * be done; -EPIPE when the connection is gone
     */
    sendFile(handle: number, generation: number, file: number, offset: number, count: number): number;
    /** Reads into the caller's own memory after `READABLE`. Bytes, 0 at the end, negative errno. */
    receive(handle: number, generation: number, into: Uint8Array): number;
    /**
     * Whether a connection that is read from stands, and nothing came on it that was not told yet.
     * @param ask - whether the kernel is asked what came since the last turn
     */
    quiet(handle: number, generation: number, ask: boolean): boolean;
    /**
     * Puts a layer on a connection, or one more, which waits for `beginLayer`: nothing more is
     * received until then. What was written before goes without it.
     * @returns 0, or negative errno: -EINVAL for anything but a maker
     */
    setLayer(handle: number, generation: number, maker: LayerMaker): number;
    /**
     * Begins the handshake; `CONNECT` tells its end, and `LAYER` of questions on the way.
     * @param data - what was received already, and told
     */
    beginLayer(handle: number, generation: number, data: Uint8Array | null): number;
    /** Answers the question that the layer waits with. @param maker - null for "no" */
    answerLayer(handle: number, generation: number, maker: LayerMaker | null): number;
    /** Asks the layer for something (`TELL_…`); empty when it does not know. */
    askLayer(handle: number, generation: number, what: number): Buffer;
    /** Gives a relay something (`FEED_…`): bytes, or how many. @returns 0, or -EBADF */
    feedLayer(handle: number, generation: number, what: number, given: Uint8Array | number): number;
    /** In words why a message was refused: what `MESSAGE_FAILED` has as its offset. */
    refusalText(refusal: number): string;
    /** `[address, port, family]` of one end, or negative errno. */
    address(handle: number, generation: number, which: number): [string, number, number] | number;
    /** `[pid, uid, gid]` of who is at the other end of a Unix socket, or negative errno. */
    credentials(handle: number, generation: number): [number, number, number] | number;
    /** Bytes of a connection, queued or sent, that its peer has not confirmed. */
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
    /** Sends everything that is queued of a stream, and blocks until that is taken. */
    sendEverything(handle: number, generation: number): void;
    /**
     * A socket for datagrams. `local` and `remote` may be ''; nothing is received before
     * `READ_START`.
     * @param flags - `SOCKET_…` of the layout
     * @returns the handle's index (generation in CONTROL_LAST_GENERATION), or negative errno
     */
    datagrams(family: number, local: string, localPort: number, remote: string, remotePort: number, flags: number): number;
    /** The same over a socket that others have made, also a Unix one; errors leave it as it was. */
    datagramsOn(descriptor: number): number;
    /** Takes part in a group of multicast, or no longer; '' is the interface the system likes. */
    joinGroup(handle: number, generation: number, group: string, multicastInterface: string, joins: boolean): number;
    /**
     * The link between two hosts of a simulated network, in both directions; '' is every host.
     * @param latency - nanoseconds, as is `jitter`: up to so much more for each packet
     * @param loss - probability that a packet is lost
     * @returns 0; -EINVAL for a text that is not the address of a host, -EOPNOTSUPP elsewhere
     */
    setLink(one: string, other: string, latency: number, jitter: number, loss: number): number;
    /** Cuts such a link, or repairs it. @returns as `setLink` */
    cutLink(one: string, other: string, isCut: boolean): number;
    /** Where multicast leaves. */
    multicastInterface(handle: number, generation: number, family: number, multicastInterface: string): number;
    /** The host of an address in words (`PEER_…` of the layout). */
    formatHost(words: Uint8Array): string;
    /**
     * Writes a numeric host and a port, or a path and `PORT_UNIX`, as words. There must be room for
     * `PEER_WORDS_MAX`.
     * @returns how many words; 0 for a host that is not numeric, or a path that is too long
     */
    parseHost(host: string, port: number, words: Uint8Array): number;
    /**
     * getaddrinfo on a thread of the engine's own. Family 0, 4 or 6; `SERVICE_…` of the layout. The
     * returned request number comes back in the handle field of `RESOLVED`.
     */
    resolve(host: string, service: string, family: number, flags: number, type: number): number;
    /** getnameinfo: `resolved()` has host and service. 0 for a host that is not numeric. */
    resolveBack(host: string, port: number, flags: number): number;
    /** The addresses of a request that has completed: [address, port, family] each. */
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
    /** The number of the loop's inbox, which is opened at the first call; 0 once it is closed. */
    inbox(): number;
    /**
     * Runs the C callbacks that other threads posted, up to the next post for JavaScript, and
     * copies that into `memory`.
     * @param memory - null drops a post for which there is no memory
     * @returns the post's size; 0 when there is none; minus its size when `memory` is too small
     */
    takePosted(memory: Uint8Array | null): number;
    /** Answers a call: `post` to the caller's inbox. */
    postAnswer(caller: number, call: number, bytes: Uint8Array, size: number): number;
    /** Another thread owes us something: virtual time stands still. +1, -1. */
    expectWake(change: number): void;
    /** Other threads may post: waiting for them is no deadlock. +1, -1. */
    allowWake(change: number): void;
}
