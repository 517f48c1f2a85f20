/**
 * Connecting with sockets created by the program: like `ConnectRace`, but each attempt starts by
 * calling `socketFactory`.
 */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { TimerHandle } from '../../core/loop/handle.ts';
import type { Coro } from '../../core/support/types.ts';
import type { Future } from '../../core/future/future.ts';
import type { Task } from '../../core/task/task.ts';
import type { Connected } from '../../io/connect-race.ts';
import type { Endpoint } from '../../io/names.ts';
import { checkSocket, Socket } from '../../io/socket.ts';
import type { MessageLimits } from '../../native/binding.ts';
import { PORT_UNIX, SOCKET_HTTP_CLIENT } from '../../native/layout.ts';
import { adoptSocket } from '../../net/adopt-socket.ts';
import { startedBy } from '../message/started-by.ts';
import type { Making } from './connection-pool.ts';

/** Where a socket is to be connected. */
export interface SocketPlace {
  /** The host in the URL, or of the proxy; for a Unix socket its path. */
  readonly host: string;
  /** The address to connect to; for a Unix socket its path. */
  readonly address: string;
  /** 0 for a Unix socket. */
  readonly port: number;
  /** The address family. */
  readonly family: 4 | 6 | 'unix';
}

/** Creates a socket, in either lane; it may already be connected. */
export type SocketFactory = (place: SocketPlace) => Socket | PromiseLike<Socket> | Coro<Socket>;

/** What all attempts have in common. */
export interface SocketRaceOptions {
  readonly factory: SocketFactory;
  /** The host in the URL, or of the proxy. */
  readonly host: string;
  /** Seconds before the next attempt starts in parallel. */
  readonly delay: number;
  /** Limits for the heads of responses; null for the default ones. */
  readonly limits: MessageLimits | null;
}

export class SocketRace implements Making {
  readonly winner: Future<void>;
  readonly errors: Error[] = [];
  readonly #loop: EventLoop;
  readonly #endpoints: readonly Endpoint[];
  readonly #options: SocketRaceOptions;
  readonly #running = new Set<Task<Socket>>();
  #next = 0;
  #timer: TimerHandle | null = null;
  #socket: Socket | null = null;
  #endpoint: Endpoint | null = null;

  /** @param endpoints - in the order to try */
  constructor(loop: EventLoop, endpoints: readonly Endpoint[], options: SocketRaceOptions) {
    this.winner = loop.createFuture();
    this.#loop = loop;
    this.#endpoints = endpoints;
    this.#options = options;
    this.#advance();
  }

  /**
   * Takes the winner's handle, which the caller then owns.
   * @throws when the socket cannot be taken over; `stop` closes it then
   */
  take(): Connected {
    const socket = this.#socket!;
    const use = { flags: SOCKET_HTTP_CLIENT, limits: this.#options.limits };
    try {
      if (socket.family !== 'unix') socket.setsockopt('noDelay', true);
      const { handle, generation } = adoptSocket(this.#loop, 'socketFactory', socket, use);
      this.#socket = null;
      return { handle, generation, endpoint: this.#endpoint! };
    } catch (error) {
      this.errors.push(error as Error);
      throw error;
    }
  }

  /** Ends the wait for a winner; `stop` must still be called. */
  fail(error: Error): void {
    if (!this.winner.done()) this.winner.setException(error);
  }

  /** Drops attempts in progress, and a winner that was not taken. */
  stop(): void {
    this.#stopOthers();
    this.#socket?.close();
    this.#socket = null;
  }

  #stopOthers(): void {
    this.#timer?.cancel();
    this.#timer = null;
    for (const attempt of this.#running) attempt.cancel();
    this.#running.clear();
  }

  /** Starts the next attempt, and the timer for the one after it. */
  #advance(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const endpoint = this.#endpoints[this.#next];
    if (endpoint !== undefined) {
      this.#next += 1;
      this.#start(endpoint);
      if (this.#next === this.#endpoints.length) return;
      this.#timer = this.#loop.callLater(this.#options.delay, () => this.#advance());
    } else if (this.#running.size === 0) this.fail(this.errors[0]!);
  }

  #start(endpoint: Endpoint): void {
    const { factory, host } = this.#options;
    const attempt = this.#loop._startTask(connected(this.#loop, factory, placeOf(host, endpoint)));
    this.#running.add(attempt);
    attempt.addDoneCallback(() => {
      const isDropped = !this.#running.delete(attempt);
      const error = attempt.cancelled() ? null : attempt.exception();
      if (error === null && !attempt.cancelled()) {
        if (isDropped) attempt.result().close();
        else this.#won(attempt.result(), endpoint);
      } else if (!isDropped) {
        this.errors.push((error as Error | null) ?? new Error('socketFactory was cancelled'));
        this.#advance();
      }
    });
  }

  #won(socket: Socket, endpoint: Endpoint): void {
    this.#stopOthers();
    this.#socket = socket;
    this.#endpoint = endpoint;
    if (this.winner.done()) this.stop();
    else this.winner.setResult(undefined);
  }
}

function placeOf(host: string, { address, port, family }: Endpoint): SocketPlace {
  return port === PORT_UNIX
    ? { host: address, address, port: 0, family: 'unix' }
    : { host, address, port, family };
}

/** @throws what the factory throws; TypeError, RangeError for an unsuitable socket */
function* connected(loop: EventLoop, factory: SocketFactory, place: SocketPlace): Coro<Socket> {
  const { address, port, family } = place;
  const made: unknown = factory(place);
  const future = startedBy(loop, made);
  let socket = made;
  try {
    if (future !== null) socket = yield* future;
  } catch (error) {
    // Another attempt won. A Promise may still produce a socket, which must then be closed.
    if (future!.cancelled()) closeLater(made as PromiseLike<unknown>);
    throw error;
  }
  checkSocket('socketFactory', socket);
  try {
    if (socket.type !== 'stream') {
      throw new RangeError(`socketFactory: a stream socket was expected, not ${String(socket)}`);
    }
    if (!isConnected(socket)) {
      yield* loop.sockConnect(socket, family === 'unix' ? address : [address, port]);
    }
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

function isConnected(socket: Socket): boolean {
  try {
    socket.getpeername();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTCONN') return false;
    throw error;
  }
}

function closeLater(made: PromiseLike<unknown>): void {
  if (typeof made.then !== 'function') return;
  made.then(
    (socket) => void (socket instanceof Socket && socket.close()),
    () => {},
  );
}
