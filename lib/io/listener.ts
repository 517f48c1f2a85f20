import { errnoError, errnoOf, type SystemError } from '../core/errors/errno.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import type { CompletionTarget, EventLoop } from '../core/loop/event-loop.ts';
import type { TimerHandle } from '../core/loop/handle.ts';
import { captureValues, current, type Values } from '../core/context/running.ts';
import type { MessageLimits } from '../native/binding.ts';
import type { LayerMaker } from '../native/tls-binding.ts';
import {
  ADDRESS_LOCAL,
  COMPLETION_LENGTH,
  COMPLETION_OFFSET,
  COMPLETION_OP_ACCEPT,
  COMPLETION_OP_ACCEPT_FAILED,
  COMPLETION_OP_CLOSED,
  COMPLETION_RESULT,
  CONTROL_LAST_GENERATION,
  SUBMISSION_OP_ABORT,
  SUBMISSION_OP_ACCEPT_START,
  SUBMISSION_OP_ACCEPT_STOP,
} from '../native/layout.ts';
import type { Endpoint } from './names.ts';
import { Socket } from './socket.ts';
import { TransportSocket } from './transport-socket.ts';

/** Receives the connections that a listener accepts. */
export interface Acceptor {
  /** A new connection; its completions must have a target when this returns. */
  _accepted(handle: number, generation: number): void;
}

/** Options of a listening socket. */
export interface ListenOptions {
  /** `SOCKET_…` of the layout, for the socket and the connections that it accepts. */
  flags: number;
  /** How many connections the kernel queues until they are accepted. */
  backlog: number;
  /** Called when the socket is about to be closed. */
  closing?: (() => void) | undefined;
  /** The user's call, for errors about a socket given to it. */
  where?: string;
  /** Limits for accepted HTTP connections; null for the defaults. */
  limits?: MessageLimits | null;
  /** Creates the (TLS) layer of each connection; null for none. */
  layers?: LayerMaker | null;
}

/** Seconds before accepting is tried again after the system ran out of resources. */
const RETRY_SECONDS = 1;

/** Seconds after which everything that was accepted has certainly been delivered. */
const LEAVE_SECONDS = 0.1;

/** Errors of bind which mean that this machine does not have the address or family. */
const SKIPPED = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/**
 * One listening socket, of a server of any protocol. C++ accepts a bounded number of connections a
 * turn and each arrives here as a completion. The acceptor is called with the context variables of
 * the code that created the listener.
 *
 * When the process or the system is out of descriptors or memory, a connection that cannot be
 * accepted stays in the kernel's queue and would be announced again at once, for ever. So
 * accepting stops for a second; the failure is reported when it begins, not each second.
 */
export class Listener implements CompletionTarget {
  readonly _handle: number;
  readonly _generation: number;
  /** Where it listens; the port is never 0. */
  readonly address: string;
  readonly port: number;
  readonly socket: TransportSocket;
  readonly #loop: EventLoop;
  readonly #values: Values = captureValues();
  readonly #closing: (() => void) | undefined;
  #acceptor: Acceptor | null = null;
  #retry: TimerHandle | null = null;
  #starved = false;
  #closed = false;

  /**
   * @param place - an address, or a socket that has one and is taken over
   * @throws an Error with `code` EADDRINUSE, EACCES, … and the address that is not available
   */
  constructor(loop: EventLoop, place: Endpoint | Socket, options: ListenOptions) {
    const handle =
      place instanceof Socket ? take(loop, place, options) : bind(loop, place, options);
    const generation = loop._rings.control[CONTROL_LAST_GENERATION]!;
    this.#loop = loop;
    this.#closing = options.closing;
    this._handle = handle;
    this._generation = generation;
    this.socket = new TransportSocket(loop, handle, generation);
    loop._register(handle, generation, this);
    const end = loop._engine.address(handle, generation, ADDRESS_LOCAL);
    if (typeof end === 'number') {
      this.close();
      throw errnoError(end, 'getsockname');
    }
    this.address = place instanceof Socket ? end[0] : place.address;
    this.port = end[1];
  }

  /** Starts to accept connections. */
  start(acceptor: Acceptor): void {
    this.#acceptor = acceptor;
    this.#submit(SUBMISSION_OP_ACCEPT_START);
  }

  /**
   * Stops accepting, delivers what has already been accepted, and then closes. For a socket that
   * another process continues to accept from: no connection is lost in between.
   */
  leave(): void {
    if (this.#closed) return;
    this.#submit(SUBMISSION_OP_ACCEPT_STOP);
    this.#loop.callLater(LEAVE_SECONDS, () => this.close());
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#closing?.();
    this.#retry?.cancel();
    this.#retry = null;
    this.#submit(SUBMISSION_OP_ABORT);
  }

  _complete(op: number, words: Int32Array, at: number): void {
    if (op === COMPLETION_OP_ACCEPT) {
      this.#starved = false;
      current.values = this.#values;
      this.#acceptor!._accepted(words[at + COMPLETION_OFFSET]!, words[at + COMPLETION_LENGTH]!);
    } else if (op === COMPLETION_OP_ACCEPT_FAILED) {
      if (!this.#closed) this.#failed(words[at + COMPLETION_RESULT]!);
    } else if (op === COMPLETION_OP_CLOSED) {
      this.#loop._unregister(this._handle);
    }
  }

  #failed(errno: number): void {
    if (this.#retry !== null) return;
    this.#submit(SUBMISSION_OP_ACCEPT_STOP);
    this.#retry = this.#loop.callLater(RETRY_SECONDS, () => {
      this.#retry = null;
      this.#submit(SUBMISSION_OP_ACCEPT_START);
    });
    if (this.#starved) return;
    this.#starved = true;
    const { address, port, socket } = this;
    this.#loop.callExceptionHandler({
      message: 'accept() failed; the listener is kept and tries again every second',
      exception: errnoError(errno, 'accept', { address, port }),
      socket,
    });
  }

  #submit(op: number): void {
    this.#loop._rings.submit(op, this._handle, this._generation);
  }
}

function bind(loop: EventLoop, endpoint: Endpoint, options: ListenOptions): number {
  const { address, port } = endpoint;
  const { flags, backlog, limits, layers } = options;
  const handle = loop._engine.listen(address, port, flags, backlog, limits, layers);
  if (handle < 0) throw errnoError(handle, 'listen', { address, port });
  return handle;
}

function take(loop: EventLoop, sock: Socket, options: ListenOptions): number {
  const { flags, backlog, limits, layers, where = 'listen()' } = options;
  sock._stopWaiting();
  const handle = loop._engine.listenOn(sock._open('listen'), flags, backlog, limits, layers);
  if (handle === errnoOf('EBUSY')) {
    throw new RuntimeError(`${where}: ${sock} is used by a transport`);
  }
  if (handle === errnoOf('EOPNOTSUPP')) {
    throw new RuntimeError(`${where}: a loop in virtual time has no sockets of the system`);
  }
  if (handle < 0) throw errnoError(handle, 'listen');
  sock.detach();
  return handle;
}

/**
 * A listener for every endpoint, or an error and no listener when one of them is not available.
 * Addresses that this machine does not have (no IPv6, say) are skipped if another one works.
 */
export function listenAll(
  loop: EventLoop,
  endpoints: readonly Endpoint[],
  options: ListenOptions,
): Listener[] {
  const listeners: Listener[] = [];
  let chosen = 0;
  let skipped: SystemError | null = null;
  try {
    for (const endpoint of endpoints) {
      try {
        const listener = listenOne(loop, endpoint, chosen, options);
        listeners.push(listener);
        if (endpoint.port === 0) chosen ||= listener.port;
      } catch (error) {
        if (!SKIPPED.has((error as SystemError).code)) throw error;
        skipped ??= error as SystemError;
      }
    }
    if (listeners.length === 0) throw skipped ?? errnoError('EADDRNOTAVAIL', 'listen');
  } catch (error) {
    for (const listener of listeners) listener.close();
    throw error;
  }
  return listeners;
}

/**
 * A listener over each socket; if one cannot listen, it and the ones after it are left unchanged.
 */
export function listenOver(
  loop: EventLoop,
  socks: readonly Socket[],
  options: ListenOptions,
): Listener[] {
  const listeners: Listener[] = [];
  try {
    for (const sock of socks) listeners.push(new Listener(loop, sock, options));
  } catch (error) {
    for (const listener of listeners) listener.close();
    throw error;
  }
  return listeners;
}

/**
 * Port 0 means any free one. The first address chooses it and the others try to get the same, so
 * that a name with an address of each family has one port; if that fails they choose their own.
 */
function listenOne(
  loop: EventLoop,
  endpoint: Endpoint,
  chosen: number,
  options: ListenOptions,
): Listener {
  if (endpoint.port !== 0 || chosen === 0) return new Listener(loop, endpoint, options);
  try {
    return new Listener(loop, { ...endpoint, port: chosen }, options);
  } catch (error) {
    if ((error as SystemError).code !== 'EADDRINUSE') throw error;
    return new Listener(loop, endpoint, options);
  }
}
