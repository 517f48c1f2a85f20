import type { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { TimerHandle } from '../../core/loop/handle.ts';
import { RuntimeError } from '../../core/errors/errors.ts';
import { type Duration, toTimeout } from '../../core/support/duration.ts';
import { checkOptions } from '../../core/support/options.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { Coro } from '../../core/support/types.ts';
import { NO_OPTIONS, SIGNAL, type SignalOptions } from '../../tasks/abort.ts';
import type { Socket } from '../../io/socket.ts';
import { authorityOf } from './authority.ts';
import type { Handing } from './handing.ts';
import type { RunningServer } from './running-server.ts';
import { ServerEnd } from './server-end.ts';
import { type ThreadOwner, WorkerThread } from './worker-thread.ts';

/** Seconds that a thread may take until its server listens. */
const START = 60;
/** Seconds that a thread may take to end after its server was closed, before it is terminated. */
const GRACE = 1;
/** Additional seconds for a thread that leaves its sockets to another. */
const LEAVE = 2;
/** Delay in seconds before a thread that failed soon is started again: at first, and at most. */
const AGAIN_FIRST = 0.1;
const AGAIN_MOST = 10;
/** A thread that fails within this many seconds has failed soon. */
const SOON = 1;

/** What the server in the main thread needs to know to start its threads. */
export interface Ground {
  readonly program: string;
  readonly count: number;
  /** For each place one socket, or one for each thread. The server closes them. */
  readonly sockets: readonly (readonly Socket[])[];
  readonly scheme: 'http' | 'https';
  /** The first `hostname`; undefined if there is none. */
  readonly hostname: string | undefined;
  /** Called when it stops listening. */
  readonly clean: () => void;
}

/** The position of one thread and its successors. */
interface Seat {
  readonly number: number;
  thread: WorkerThread | null;
  /** Starts the successor of a thread that has ended. */
  timer: TimerHandle | null;
  delay: number;
}

/**
 * A server whose connections are distributed among threads. Each thread runs the program again, and
 * there the same call of `serve` returns the `HttpServer` that handles requests. This object, in
 * the main thread, owns the sockets and manages the threads: when one dies, that is reported to the
 * loop's exception handler, and another one takes its place. Connections that wait to be accepted
 * are not lost then.
 */
export class WorkerServer implements RunningServer, Handing, ThreadOwner {
  readonly port: number;
  readonly hostname: string;
  readonly url: string;
  readonly #loop: EventLoop;
  readonly #ground: Ground;
  readonly #seats: Seat[];
  /** All threads that have not ended, including replaced ones. */
  readonly #threads = new Set<WorkerThread>();
  readonly #waits = new Map<WorkerThread, Future<void>>();
  readonly #over: ServerEnd;
  /** Whether it has begun to end. */
  _stopping = false;
  #open = true;
  /** Whether the files of Unix sockets now belong to another process. */
  #handedOver = false;

  /** @internal */
  constructor(loop: EventLoop, ground: Ground) {
    this.#loop = loop;
    this.#ground = ground;
    const place = placeOf(ground.sockets);
    this.port = place.port;
    this.hostname = ground.hostname ?? place.address ?? 'localhost';
    this.url = `${ground.scheme}://${authorityOf(ground.scheme, this.hostname, this.port)}/`;
    this.#seats = Array.from({ length: ground.count }, (_, number) => ({
      number,
      thread: null,
      timer: null,
      delay: 0,
    }));
    this.#over = new ServerEnd(loop, this);
  }

  /** How many threads are serving. */
  get workers(): number {
    return this.#seats.filter(({ thread }) => thread?.listening === true).length;
  }

  /** How many connections are open, in all threads together. */
  get connections(): number {
    let sum = 0;
    for (const thread of this.#threads) sum += thread.connections;
    return sum;
  }

  /** @internal Starts all threads; if one fails, ends all and throws its error. */
  *_start(): Coro<void> {
    try {
      const started = this.#seats.map((seat) => this.#begin(seat));
      for (const each of started) yield* each;
    } catch (error) {
      this.close();
      throw error;
    }
    // If the loop ends before the server, this task is cancelled, and terminates the threads.
    const threads = this.#threads;
    const closed = this.waitClosed();
    this.#loop.createTask(
      (function* watch(): Coro<void> {
        try {
          yield* closed;
        } finally {
          for (const thread of threads) thread.terminate();
        }
      })(),
      { name: 'serve({ workers })' },
    );
  }

  /**
   * Restarts every thread, one after the other, from the program's current files. An old thread is
   * shut down when its successor listens, so no connection is dropped or refused.
   *
   * @param options - `timeout`: how long old threads may take for their remaining requests; 60 s by
   * default, null for ever
   * @returns done when all new threads are serving. It fails when one does not start: that thread
   * and those after it are then still the old ones
   * @throws RuntimeError when the server has begun to end; TypeError or RangeError for an invalid
   * option
   */
  reload(options: { timeout?: Duration | null } = {}): Future<void> {
    const timeout = limitOf('reload()', options, ['timeout']);
    if (this._stopping) throw new RuntimeError('reload(): the server is closed');
    return this.#loop.createTask(this.#replaceAll(timeout), { eagerStart: true });
  }

  *#replaceAll(timeout: number | null): Coro<void> {
    for (const seat of this.#seats) {
      const before = seat.thread;
      yield* this.#begin(seat);
      seat.delay = 0;
      if (before !== null) this.#end(before, 'leave', timeout);
    }
  }

  /**
   * Ends gracefully, in all threads: see `HttpServer.shutdown`. A thread that takes longer than the
   * timeout is terminated.
   * @param options - `timeout`: seconds or a string such as '10s'; 60 by default, null waits for
   * ever
   * @throws AbortError when `signal` aborts, which does not stop the shutdown
   */
  shutdown(options: SignalOptions & { timeout?: Duration | null } = {}): Future<void> {
    const timeout = limitOf('shutdown()', options, ['timeout', ...SIGNAL]);
    return this.#over.after(
      () => this.#stop((thread) => this.#end(thread, 'shutdown', timeout)),
      options.signal,
    );
  }

  /** @internal */
  _leave(timeout: number | null): Future<void> {
    this.#handedOver = true;
    this.#stop((thread) => this.#end(thread, 'leave', timeout));
    return this.waitClosed();
  }

  /** @internal */
  _isOpen(): boolean {
    return !this.#loop.isClosed();
  }

  /** @internal */
  _descriptors(): readonly number[] {
    return this.#ground.sockets.flat().map((socket) => socket.fileno());
  }

  /** Ends at once; a thread that takes longer than a second is terminated. */
  close(): void {
    this.#stop((thread) => {
      thread.tell({ what: 'close' });
      this.#terminateIn(thread, GRACE);
    });
  }

  /** Waits until all threads have ended. Cancel-safe. @throws AbortError when `signal` aborts */
  waitClosed(options: SignalOptions = NO_OPTIONS): Future<void> {
    return this.#over.wait(options);
  }

  /**
   * Waits until all threads have ended. Cancelling the wait, or aborting `signal`, closes the
   * server at once; SIGTERM meanwhile shuts it down.
   * @throws AbortError when `signal` aborts
   */
  serveForever(options: SignalOptions = NO_OPTIONS): Future<void> {
    return this.#over.serve(options);
  }

  toString(): string {
    const state = this.#over.isOver ? 'closed' : this._stopping ? 'stopping' : this.url;
    return `WorkerServer { ${state}, ${this.workers} workers, ${this.connections} connections }`;
  }

  /** `await using server = await serve({ workers })` shuts down at the end of the block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  /**
   * Starts a thread at this position. The future is done when it listens, and fails when it does
   * not.
   */
  #begin(seat: Seat): Future<void> {
    const { program, sockets } = this.#ground;
    const { number } = seat;
    const descriptors = sockets.flatMap((all) => sharesOf(all, number, this.#seats.length));
    const thread = new WorkerThread(program, descriptors, this);
    const before = seat.thread;
    seat.thread = thread;
    this.#threads.add(thread);
    const begun = this.#loop.createFuture<void>();
    this.#waits.set(thread, begun);
    const late = this.#loop.callLater(START, () => thread.terminate());
    begun.addDoneCallback(() => {
      late.cancel();
      this.#waits.delete(thread);
      if (begun.cancelled()) thread.terminate();
      // The previous thread stays.
      if (begun.cancelled() || begun.exception() !== null) {
        if (seat.thread === thread) seat.thread = before;
      }
    });
    return begun;
  }

  /** @internal */
  _listens(thread: WorkerThread): void {
    thread.since = this.#loop.time();
    this.#waits.get(thread)?.setResult(undefined);
  }

  /** @internal */
  _ended(thread: WorkerThread, error: Error): void {
    this.#threads.delete(thread);
    const waits = this.#waits.get(thread);
    const seat = this.#seats.find((each) => each.thread === thread);
    if (waits !== undefined && !waits.done()) waits.setException(error);
    else if (seat !== undefined) this.#vacant(seat, thread, error);
    this.#checkClosed();
  }

  /** Handles the end of a thread that was serving. */
  #vacant(seat: Seat, thread: WorkerThread, error: Error): void {
    seat.thread = null;
    if (this._stopping) return;
    if (thread.left) {
      // The program itself has closed the server in that thread.
      if (this.#seats.every((each) => each.thread === null && each.timer === null)) this.#stop();
      return;
    }
    this.#loop.callExceptionHandler({
      message: 'a thread of serve({ workers }) has died; another one takes its place',
      exception: error,
    });
    this.#again(seat, this.#loop.time() - thread.since < SOON);
  }

  #again(seat: Seat, soon: boolean): void {
    const delay = soon ? seat.delay : 0;
    seat.delay = Math.min(AGAIN_MOST, Math.max(AGAIN_FIRST, delay * 2));
    seat.timer = this.#loop.callLater(delay, () => {
      seat.timer = null;
      this.#begin(seat).addDoneCallback((begun) => {
        if (begun.cancelled() || this._stopping) return;
        const exception = begun.exception();
        if (exception === null) return;
        this.#loop.callExceptionHandler({
          message: 'a thread of serve({ workers }) could not be started again',
          exception,
        });
        this.#again(seat, true);
      });
    });
  }

  /** @param end - called for the threads that are serving; others are terminated */
  #stop(end: (thread: WorkerThread) => void = () => {}): void {
    if (!this._stopping) {
      this._stopping = true;
      if (!this.#handedOver) this.#ground.clean();
      for (const seat of this.#seats) seat.timer?.cancel();
    }
    for (const thread of this.#threads) {
      if (thread.listening) end(thread);
      else thread.terminate();
    }
    this.#checkClosed();
  }

  #end(thread: WorkerThread, what: 'shutdown' | 'leave', timeout: number | null): void {
    thread.tell({ what, timeout });
    if (timeout !== null) this.#terminateIn(thread, timeout + LEAVE + GRACE);
  }

  #terminateIn(thread: WorkerThread, seconds: number): void {
    this.#loop
      .callLater(seconds, () => {
        if (this.#threads.has(thread)) thread.terminate();
      })
      .unref();
  }

  #checkClosed(): void {
    if (!this._stopping) return;
    const threads = [...this.#threads];
    // Closed only when all threads have duplicated their sockets: otherwise one might find other
    // files under these numbers.
    if (this.#open && threads.every(({ listening }) => listening)) {
      this.#open = false;
      for (const socket of this.#ground.sockets.flat()) socket.close();
    }
    if (threads.length === 0 && !this.#over.isOver) this.#over.tell(null);
  }
}

showsText(WorkerServer);

/** The first TCP address. */
function placeOf(sockets: Ground['sockets']): { address: string | undefined; port: number } {
  for (const socket of sockets.flat()) {
    const name = socket.getsockname();
    if (typeof name !== 'string') return { address: name[0], port: name[1] };
  }
  return { address: undefined, port: 0 };
}

/** Distributes sockets so that each thread has one, and each socket is used by a thread. */
function sharesOf(sockets: readonly Socket[], number: number, count: number): number[] {
  const shares = sockets.filter((_, n) => n % count === number);
  return (shares.length > 0 ? shares : [sockets[number % sockets.length]!]).map((each) =>
    each.fileno(),
  );
}

function limitOf(
  where: string,
  options: { timeout?: Duration | null },
  known: readonly string[],
): number | null {
  checkOptions(where, options, known);
  return options.timeout === undefined ? 60 : toTimeout(options.timeout);
}
