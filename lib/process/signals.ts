/** Signals to this process: callbacks for them, and a source of their names. */
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

/** No process is asked about these, or it could not go on from where they came. */
const NOT_HANDLED: readonly string[] = [
  'SIGKILL',
  'SIGSTOP',
  'SIGSEGV',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
];

/** @throws TypeError, RangeError, RuntimeError for what cannot be listened to, or not from here */
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

/** A callback of `addSignalHandler`. */
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

/** `loop.addSignalHandler`: see there. */
export function addSignalHandlerIn(
  loop: EventLoop,
  name: SignalName,
  callback: Callback,
  args: unknown[],
): void {
  const where = 'addSignalHandler()';
  checkName(loop, where, name);
  // Always as strictly as in debug mode: a coroutine that nobody starts would be a signal lost.
  checkCallback('addSignalHandler', callback, true);
  removeSignalHandlerIn(loop, name);
  let all = handlers.get(loop);
  if (all === undefined) handlers.set(loop, (all = new Map()));
  const handler = new Handler(loop, callback, args);
  all.set(name, handler);
  LoopSignals.of(loop).add(name, handler);
  // A wait for a signal is a wait for something that can happen.
  loop._rings.reference(1);
}

/** `loop.removeSignalHandler`: see there. */
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

/** As many that nobody has taken are kept; what comes beyond is lost, as the system merges them. */
const KEPT_MAX = 64;

/**
 * Signals as they come: what `signals()` gives. What comes while nobody waits is kept, up to 64.
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
   * Waits for the next signal, and gives its name. Cancelling it loses none.
   * @throws AbortError when `signal` aborts; QueueShutDown when it is closed
   */
  receive(options: SignalOptions = NO_OPTIONS): Future<SignalName> {
    this.#listen();
    return this.#queue.get(options);
  }

  /** The same, or `{ done: true }` when it is closed. */
  next(options: SignalOptions = NO_OPTIONS): Future<Step<SignalName>> {
    this.#listen();
    return this.#queue.next(options);
  }

  /** The next signal; afterwards it does not listen any more, until it is asked again. */
  #one(): Future<SignalName> {
    const future = this.receive();
    if (future.done()) this.#leave();
    else future._addWaiter({ _wake: () => this.#leave(), _looksOn: true });
    return future;
  }

  /** `const name = yield* signals(…)`: the next one. */
  [Symbol.iterator](): Iterator<Yieldable, SignalName, unknown> {
    return this.#one()[Symbol.iterator]();
  }

  /** `const name = await signals(…)`: the next one. */
  then<A = SignalName, B = never>(
    fulfilled?: ((name: SignalName) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#one().then(fulfilled, rejected);
  }

  /** Their names, until it is closed. Leaving the iteration closes it. */
  [Symbol.asyncIterator](): AsyncIterableIterator<SignalName, undefined> {
    return new SignalIterator(this);
  }

  /** Listens no more: iterations end, and who waits gets QueueShutDown. May be repeated. */
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
 * Listens to signals from now on. It may be awaited for the next one (and then does not listen any
 * more), or gone through with `for await`, which ends with `close()` or with the iteration.
 *
 * While it listens, Ctrl-C and SIGTERM do not cancel main; listeners of `process.on` are called
 * as ever. It keeps the process alive, and works under `runSync` as well. Only the main thread has
 * signals; all loops in it that listen get each.
 *
 * @throws RangeError for a name that this system has not; RuntimeError for SIGKILL and SIGSTOP, and
 *   for the like of SIGSEGV; RuntimeError in a worker
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
