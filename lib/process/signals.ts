/** Signals to this process: handlers, and a source of received signals. */
import { bindStores } from '../core/context/async-stores.ts';
import { checkCallback } from '../core/debug/debug.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { type Callback, Handle } from '../core/loop/handle.ts';
import { LoopSignals, type SignalListener, type SignalName } from '../core/loop/signals.ts';
import type { Future } from '../core/future/future.ts';
import { describe } from '../core/support/describe.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { Yieldable } from '../core/support/types.ts';
import { isMainThread } from '../core/support/worker-threads.ts';
import { loopWithNetwork } from '../net/running-loop.ts';
import { Queue } from '../sync/queue.ts';
import { NO_OPTIONS, type SignalOptions } from '../tasks/abort.ts';
import { type Step, StepIterator } from '../tasks/step-iterator.ts';
import { signalNumber } from './options.ts';

export type { SignalName };

/** Signals that cannot be caught, or after which the interrupted code could not continue. */
const NOT_HANDLED: readonly string[] = [
  'SIGKILL',
  'SIGSTOP',
  'SIGSEGV',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
];

/**
 * @throws TypeError, RangeError when it is not the name of a signal; RuntimeError when it cannot be
 *   handled, or not in this thread
 */
function checkName(loop: EventLoop, where: string, name: unknown): asserts name is SignalName {
  loop._checkClosed();
  if (typeof name !== 'string') {
    throw new TypeError(`${where}: a signal is a name such as 'SIGTERM', not ${describe(name)}`);
  }
  signalNumber(where, name);
  if (NOT_HANDLED.includes(name)) throw new RuntimeError(`${where}: ${name} cannot be caught`);
  if (!isMainThread()) {
    throw new RuntimeError(`${where}: signals come to the main thread only, and this is a worker`);
  }
}

/** A handler added by `addSignalHandler`. */
class Handler implements SignalListener {
  readonly polite = false;
  readonly handle: Handle;
  readonly #loop: EventLoop;

  constructor(loop: EventLoop, callback: Callback, args: unknown[]) {
    this.#loop = loop;
    this.handle = new Handle(callback, args.length === 0 ? undefined : args);
    if (loop._bindsStores) bindStores(this.handle, '_run');
  }

  heard(): void {
    this.#loop._enqueue(this.handle);
  }
}

const handlers: WeakMap<EventLoop, Map<SignalName, Handler>> = new WeakMap();

/** Implements `loop.addSignalHandler`. */
export function addSignalHandlerIn(
  loop: EventLoop,
  name: SignalName,
  callback: Callback,
  args: unknown[],
): void {
  const where = 'addSignalHandler()';
  checkName(loop, where, name);
  // Always check as strictly as in debug mode: with a coroutine function the signal would be lost,
  // since nobody would run the coroutine.
  checkCallback('addSignalHandler', callback, true);
  removeSignalHandlerIn(loop, name);
  let all = handlers.get(loop);
  if (all === undefined) handlers.set(loop, (all = new Map()));
  const handler = new Handler(loop, callback, args);
  all.set(name, handler);
  LoopSignals.of(loop).add(name, handler);
  // A signal can arrive at any time, so a waiting loop is not in a deadlock.
  loop._rings.reference(1);
}

/** Implements `loop.removeSignalHandler`. */
export function removeSignalHandlerIn(loop: EventLoop, name: SignalName): boolean {
  signalNumber('removeSignalHandler()', name);
  const all = handlers.get(loop);
  const handler = all?.get(name);
  if (handler === undefined || loop.isClosed()) return false;
  all!.delete(name);
  handler.handle.cancel();
  LoopSignals.of(loop).remove(name, handler);
  loop._rings.reference(-1);
  return true;
}

/**
 * The maximum number of signals kept until they are received; further ones are dropped, just as the
 * system merges pending signals.
 */
const KEPT_MAX = 64;

/**
 * A source of received signals; returned by `signals()`. Up to 64 signals are kept while nobody
 * waits.
 */
export class SignalSource {
  readonly #loop: EventLoop;
  readonly #names: readonly SignalName[];
  readonly #queue: Queue<SignalName> = new Queue(KEPT_MAX);
  #listens = false;
  #closed = false;
  readonly #listener: SignalListener = {
    polite: false,
    heard: (name) => {
      if (!this.#queue.full()) this.#loop.callSoon(() => this.#keep(name));
    },
  };

  /** @internal */
  constructor(loop: EventLoop, names: readonly SignalName[]) {
    this.#loop = loop;
    this.#names = names;
    this.#listen();
  }

  #listen(): void {
    if (this.#listens || this.#closed) return;
    this.#listens = true;
    for (const name of this.#names) LoopSignals.of(this.#loop).add(name, this.#listener);
    this.#loop._rings.reference(1);
  }

  #leave(): void {
    if (!this.#listens || this.#loop.isClosed()) return;
    this.#listens = false;
    for (const name of this.#names) LoopSignals.of(this.#loop).remove(name, this.#listener);
    this.#loop._rings.reference(-1);
  }

  #keep(name: SignalName): void {
    if (!this.#closed && !this.#queue.full()) this.#queue.putNowait(name);
  }

  /**
   * Waits for the next signal and returns its name. Cancel-safe: a cancel loses no signal.
   * @throws AbortError when `signal` aborts; QueueShutDown when it is closed
   */
  receive(options: SignalOptions = NO_OPTIONS): Future<SignalName> {
    this.#listen();
    return this.#queue.get(options);
  }

  /** The same as `{ value }`, or `{ done: true }` when it is closed. Cancel-safe. */
  next(options: SignalOptions = NO_OPTIONS): Future<Step<SignalName>> {
    this.#listen();
    return this.#queue.next(options);
  }

  /** The next signal; after it, stops listening until the next request. */
  #one(): Future<SignalName> {
    const future = this.receive();
    if (future.done()) this.#leave();
    else future._addWaiter({ _wake: () => this.#leave(), _looksOn: true });
    return future;
  }

  /** `const name = yield* signals(…)`: waits for the next signal. */
  [Symbol.iterator](): Iterator<Yieldable, SignalName, unknown> {
    return this.#one()[Symbol.iterator]();
  }

  /** `const name = await signals(…)`: waits for the next signal. */
  then<A = SignalName, B = never>(
    fulfilled?: ((name: SignalName) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#one().then(fulfilled, rejected);
  }

  /**
   * Iterates over the names of received signals until it is closed. Leaving the iteration closes
   * it.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<SignalName, undefined> {
    return new SignalIterator(this);
  }

  /**
   * Stops listening: iterations end, and waiting calls get QueueShutDown. A second call does
   * nothing.
   */
  close(): void {
    this.#leave();
    this.#closed = true;
    this.#queue.shutdown(true);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  toString(): string {
    const state = this.#closed ? 'closed' : this.#listens ? 'listens' : 'does not listen';
    return `<SignalSource ${this.#names.join(' ')}, ${state}>`;
  }
}

class SignalIterator extends StepIterator<SignalName> {
  readonly #source: SignalSource;

  constructor(source: SignalSource) {
    super(source);
    this.#source = source;
  }

  return(): Promise<Step<SignalName>> {
    this.#source.close();
    return Promise.resolve({ done: true, value: undefined });
  }
}

showsText(SignalSource);

/**
 * Listens to signals from now on. Await the result for the next signal (it then stops listening),
 * or iterate over it with `for await` until `close()`.
 *
 * While it listens to them, Ctrl-C and SIGTERM do not cancel main; listeners of `process.on` are
 * called as well. It keeps the process alive, and also works under `runSync`. Signals are received
 * only in the main thread; all loops there that listen receive each signal.
 *
 * @throws RangeError for a name that this system does not have; RuntimeError for signals that
 *   cannot be handled (SIGKILL, SIGSTOP, SIGSEGV, SIGBUS, SIGFPE, SIGILL), and in a worker;
 *   TypeError without a name
 * @example
 * const name = yield* signals('SIGINT', 'SIGTERM'); // until it is asked to end
 * yield* server.shutdown({ timeout: '10s' });
 * @example
 * for await (const _name of signals('SIGHUP')) reload();
 */
export function signals(...names: SignalName[]): SignalSource {
  const loop = loopWithNetwork('signals()');
  if (names.length === 0) throw new TypeError("signals(): give at least one, such as 'SIGTERM'");
  for (const name of names) checkName(loop, 'signals()', name);
  return new SignalSource(loop, [...new Set(names)]);
}
