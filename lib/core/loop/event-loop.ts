/**
 * EventLoop: the loop on the native engine.
 *
 * C++ takes the turns (submit, wait, reap) and fills the ready ring; `_dispatch` runs what was in
 * the ring when it began, and is the only place that calls user code. As a guest of Node's loop,
 * C++ calls the dispatch; when the loop owns the thread, `#runOwning` does.
 */
import type { NativeEngine } from '../../native/binding.ts';
import {
  CONTROL_READY_HEAD,
  CONTROL_READY_TAIL,
  CONTROL_REFERENCES,
  READY_COMPLETION,
  READY_ITEM,
} from '../../native/layout.ts';
import { loadAddon } from '../../native/load.ts';
import { Rings } from '../../native/rings.ts';
import type { Runnable } from '../../native/rings.ts';
import { AbstractEventLoop } from './abstract-event-loop.ts';
import { bindStores } from '../context/async-stores.ts';
import { clockOf } from './clock.ts';
import { Completions } from './completions.ts';
import type { CompletionTarget, Lookups, PostsTarget, Starts } from './completions.ts';
import { checkCallback, checkLoop, debugDefault, setDebugMode } from '../debug/debug.ts';
import { reportNeverAwaited } from '../debug/never-awaited.ts';
import { toInstant, toSeconds } from '../support/duration.ts';
import type { Duration } from '../support/duration.ts';
import { notACoroutine } from '../task/coroutine.ts';
import { ensureFuture, isAwaitable } from './ensure-future.ts';
import { DeadlockError, RuntimeError } from '../errors/errors.ts';
import { checkLoopOptions } from './event-loop-options.ts';
import type { EventLoopOptions } from './event-loop-options.ts';
import { reportDestroyed } from './exception-handler.ts';
import { forgetAwaited } from '../future/future.ts';
import type { Future } from '../future/future.ts';
import { Handle, noteHandle, TimerHandle } from './handle.ts';
import type { Callback } from './handle.ts';
import { reportLost, watchUnread } from '../errors/never-retrieved.ts';
import { Surroundings } from './left-alone.ts';
import { LoopSignals } from './signals.ts';
import { longestWait } from './longest-wait.ts';
import { runTicks } from './run-ticks.ts';
import {
  CALLBACK_SLOW,
  LOOP_CLOSE,
  LOOP_CREATE,
  LOOP_START,
  LOOP_STOP,
} from '../observe/diagnostics-channels.ts';
import { noteLoop } from './live-loops.ts';
import { readMetrics } from '../observe/metrics.ts';
import type { LoopMetrics } from '../observe/metrics.ts';
import { runObserved } from '../observe/observe.ts';
import { current, leaveLateCall, NO_VALUES, runningLoop } from '../context/running.ts';
import { outcome, Stopper } from './stopper.ts';
import type { Task } from '../task/task.ts';
import { allTasks } from '../task/task-registry.ts';
import { TimerTable } from './timers.ts';
import type { AwaitableLike } from '../support/types.ts';

/** Does nothing: makes the ready queue non-empty, so that a turn is taken. */
const NUDGE: Runnable = { _run() {} };

type Ended = (error: unknown) => void;

/**
 * The event loop. Normally it runs as a guest inside Node's own loop, beside timers, `fs` and
 * `fetch`; the `…Sync` methods own the thread instead.
 *
 * @example
 * const loop = new EventLoop();
 * loop.callSoon(() => loop.stop());
 * await loop.runForever();
 * loop.close();
 */
export class EventLoop extends AbstractEventLoop {
  /** @internal */ readonly _engine: NativeEngine;
  /** @internal */ readonly _rings: Rings;
  /** @internal */ readonly _timers: TimerTable;
  /** @internal Set by lib/io with the first name lookup. */
  _lookups: Lookups | null = null;
  /** @internal Put there by lib/process with the first program that is started. */
  _starts: Starts | null = null;
  /** @internal */ _posts: PostsTarget | null = null;
  /** The error that ends a run which owns the thread. */
  #thrown: { error: unknown } | null = null;
  readonly #now: () => number;
  readonly #chunks: Uint8Array[];
  readonly #completions: Completions;
  #closed = false;
  #running = false;
  #stopping = false;
  /** Its last run ended with a DeadlockError, which already lists the tasks that are left. */
  #deadlocked = false;
  #ended: Ended | null = null;
  /** Only for a loop in simulated time. */
  readonly #surroundings: Surroundings | null;

  /** @throws Error with code `ERR_OXBOW_NO_BINARY` when there is no binary for this platform */
  constructor(options: EventLoopOptions = {}) {
    super();
    checkLoopOptions(options);
    const { driver = 'auto', seed = 0 } = options;
    this._engine = new (loadAddon().Engine)(driver, seed);
    this.#now = clockOf(this._engine);
    this.#chunks = this._engine.chunks;
    this.#surroundings = this._engine.followsSystemTime ? null : new Surroundings();
    this._rings = new Rings(this._engine);
    this.#completions = new Completions(this, this._rings);
    this._timers = new TimerTable(this._rings);
    setDebugMode(this, options.debug ?? debugDefault());
    this._bindsStores = options.asyncLocalStorage === true;
    noteLoop(this);
    if (LOOP_CREATE.hasSubscribers) LOOP_CREATE.publish({ loop: this });
  }

  /**
   * A frozen snapshot of the loop's counters and state; for a closed loop, the last one. It costs
   * a few microseconds, plus one for each hundred tasks.
   *
   * @example
   * const { utilization, lag } = loop.metrics();
   * console.log(`${utilization * 100} % busy, timers late by ${lag.p99} s at worst`);
   */
  metrics(): LoopMetrics {
    return readMetrics(this);
  }

  /** Name of the driver in use: `epoll`, `kqueue` or `virtual`. */
  get driver(): string {
    return this._engine.driver;
  }

  override time(): number {
    return this.#now();
  }

  override callSoon<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle {
    if (this.#closed || this._debug || typeof callback !== 'function') {
      this.#checkCall('callSoon', callback);
    }
    const handle = new Handle(callback as Callback, args.length === 0 ? undefined : args);
    if (this._debug) noteHandle(handle);
    if (this._bindsStores) bindStores(handle, '_run');
    this._rings.enqueue(handle);
    return handle;
  }

  override callLater<A extends unknown[]>(
    delay: Duration,
    callback: Callback<A>,
    ...args: A
  ): TimerHandle {
    const seconds = toSeconds(delay);
    return this.#addTimer('callLater', this.#now() + seconds, callback, args);
  }

  override callAt<A extends unknown[]>(
    when: number,
    callback: Callback<A>,
    ...args: A
  ): TimerHandle {
    return this.#addTimer('callAt', toInstant(when), callback, args);
  }

  #addTimer(name: string, when: number, callback: Callback<any>, args: unknown[]): TimerHandle {
    if (this.#closed || this._debug || typeof callback !== 'function') {
      this.#checkCall(name, callback);
    }
    const handle = new TimerHandle(
      this._timers,
      callback,
      args.length === 0 ? undefined : args,
      when,
    );
    if (this._debug) noteHandle(handle);
    if (this._bindsStores) bindStores(handle, '_run');
    this._timers.add(handle);
    return handle;
  }

  #checkCall(name: string, callback: unknown): void {
    this._checkClosed();
    checkCallback(name, callback, this._debug);
    if (this._debug && this.#running) checkLoop(this);
  }

  override isRunning(): boolean {
    return this.#running;
  }

  /** @internal Whether it runs in a `…Sync` method, while Node's own loop does not run. */
  get _ownsThread(): boolean {
    return this.#running && this.#ended === null;
  }

  override isClosed(): boolean {
    return this.#closed;
  }

  /** Runs as a guest of Node's loop; the Promise resolves after `stop()`. */
  override runForever(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#begin();
      this._ride(true);
      this.#surroundings?.whenNodeIsDone(this.#endOfTime);
      this.#ended = (error) => (error === undefined ? resolve() : reject(error));
      this._engine.attach(this.#guestTurn);
    });
  }

  /**
   * Called by C++ in each turn; further turns that need nothing from C++ are taken here.
   * @param inVain - simulated time stands still, and C++ knows of nothing that could still happen
   */
  readonly #guestTurn = (inVain: boolean): void => {
    if (inVain) {
      this.#waitsInVain();
      return;
    }
    const rings = this._rings;
    do {
      try {
        this._dispatch();
      } catch (error) {
        this.#leave(error);
        return;
      }
      if (this.#stopping) {
        this.#leave(undefined);
        return;
      }
      // C++ looks at the rings after this callback, so what is queued now needs no wake-up.
      rings.dispatching = true;
      const mayGoOn = runTicks();
      rings.dispatching = false;
      if (!mayGoOn || this.#ended === null) return;
    } while (rings.turnAlone(this.#now));
  };

  /** Simulated time has ended, unless something in Node may still bring more to do. */
  #waitsInVain(): void {
    if (this.#surroundings?.couldHelp(this) === false) this.#endOfTime();
  }

  readonly #endOfTime = (): void => {
    if (this.#ended === null || this.#stopping || this._rings.hasReady()) return;
    this.#deadlocked = true;
    this.#leave(
      new DeadlockError(
        'simulated time has come to its end, and nothing is left that ' +
          `could wake the loop${describeWaiting(allTasks(this))}`,
      ),
    );
  };

  /** Ends a guest run. */
  #leave(error: unknown): void {
    const ended = this.#ended;
    if (ended === null) return;
    this.#ended = null;
    this.#surroundings?.forget();
    this._ride(false);
    this.#end();
    ended(error);
  }

  /**
   * Runs until `awaitable` is done, and resolves with its result.
   * @throws what the awaitable throws; RuntimeError when `stop()` was called before it was done
   */
  override async runUntilComplete<T>(awaitable: AwaitableLike<T>): Promise<T> {
    this.#checkRunnable();
    const future = this.#stopWhenDone(awaitable);
    await this.runForever().finally(() => this.#stopper.forget(future));
    return outcome(future);
  }

  /**
   * Owns the thread until `stop()`. Nothing of Node runs meanwhile: no Promise reactions, no
   * timers.
   * @throws DeadlockError when nothing can ever wake the loop
   */
  runForeverSync(): void {
    this.#begin();
    const signals = LoopSignals.of(this);
    signals.own(this._engine);
    try {
      this.#runOwning();
    } finally {
      signals.disown();
      this.#thrown = null;
      this.#end();
    }
  }

  #runOwning(): void {
    const rings = this._rings;
    const longest = longestWait();
    do {
      if (rings.turnAlone(this.#now)) {
        this._dispatch();
        continue;
      }
      // If all that is left is unref'ed, it may run if it is due now, but is not waited for.
      const wait = rings.control[CONTROL_REFERENCES] !== 0;
      const outcome = this._engine.turn(wait, longest);
      if (outcome > 0) {
        this._signals?.take();
        if (this.#thrown !== null) throw this.#thrown.error;
      }
      if (outcome < 0 || !(wait || rings.hasReady())) {
        this.#deadlocked = true;
        throw new DeadlockError(
          'the loop waits for something that nothing can deliver while it ' +
            'owns the thread; what only Node can deliver (a Promise, an async function, work in ' +
            `a thread) needs run() instead of runSync()${describeWaiting(allTasks(this))}`,
        );
      }
      this._dispatch();
    } while (!this.#stopping);
  }

  /** `runUntilComplete` that owns the thread (see `runForeverSync`) and returns the result. */
  runUntilCompleteSync<T>(awaitable: AwaitableLike<T>): T {
    this.#checkRunnable();
    const future = this.#stopWhenDone(awaitable);
    try {
      this.runForeverSync();
    } finally {
      this.#stopper.forget(future);
    }
    return outcome(future);
  }

  readonly #stopper = new Stopper(this);

  #stopWhenDone<T>(awaitable: AwaitableLike<T>): Future<T> {
    if (!isAwaitable(awaitable)) throw notACoroutine('runUntilComplete() got', awaitable);
    const future = ensureFuture(awaitable, { loop: this });
    this.#stopper.follow(future);
    return future;
  }

  #checkRunnable(): void {
    this._checkClosed();
    if (this.#running) throw new RuntimeError('This event loop is already running');
    if (runningLoop() !== null) {
      throw new RuntimeError('Cannot run the event loop while another loop is running');
    }
  }

  #begin(): void {
    this.#checkRunnable();
    this.#running = true;
    this.#deadlocked = false;
    // stop() was called before the run: take exactly one turn, which must not wait.
    if (this.#stopping) this._rings.enqueue(NUDGE);
    if (LOOP_START.hasSubscribers) LOOP_START.publish({ loop: this });
  }

  #end(): void {
    this.#running = false;
    this.#stopping = false;
    this._engine.detach();
    if (LOOP_STOP.hasSubscribers) LOOP_STOP.publish({ loop: this });
  }

  /** Ends the run after the current turn; called before a run, that run takes exactly one turn. */
  override stop(): void {
    this.#stopping = true;
    if (this.#running && current.loop !== this) this._rings.enqueue(NUDGE);
  }

  /** @internal Ends the run at once, with an error. */
  override _interrupt(error: unknown): void {
    if (this.#ended !== null) this.#leave(error);
    else if (this.#running) this.#thrown = { error };
  }

  /**
   * Frees all resources: descriptors are closed, unfinished tasks are reported and dropped.
   * A second close does nothing.
   * @throws RuntimeError while it is running
   */
  override close(): void {
    if (this.#running) throw new RuntimeError('Cannot close a running event loop');
    if (this.#closed) return;
    for (const call of this._beforeClose ?? []) call();
    const pending = allTasks(this);
    this.#closed = true;
    this._engine.measure();
    this._engine.close();
    if (!this._rings.dispatching) this.#letGo();
    this._posts?.closed();
    this._tellClosed();
    if (LOOP_CLOSE.hasSubscribers) LOOP_CLOSE.publish({ loop: this });
    watchUnread(pending);
    if (!this.#deadlocked) for (const task of pending) reportDestroyed(task);
    reportLost(this);
    this._executors?.abandon(false);
    if (this._debug) reportNeverAwaited(this);
  }

  /**
   * Drops the memory shared with the engine at once: loops may be created and closed by the
   * thousand before Node collects the first.
   */
  #letGo(): void {
    this._rings.release();
    this.#chunks.length = 0;
    forgetAwaited();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal Runs what is ready now; what that schedules runs in the next turn. */
  _dispatch(): void {
    const rings = this._rings;
    const control = rings.control;
    const end = control[CONTROL_READY_TAIL]!;
    const base = current.values;
    const observer = this._observer;
    if (CALLBACK_SLOW.hasSubscribers) this._observed = true;
    current.loop = this;
    current.turn = (current.turn + 1) | 0;
    current.values = NO_VALUES;
    rings.dispatching = true;
    try {
      let head = control[CONTROL_READY_HEAD]!;
      observer?.dispatchBegins?.(this, (end - head) >>> 0);
      while (head !== end) {
        const at = head & rings.readyMask;
        const entry = rings.ready[at]!;
        head = (head + 1) >>> 0;
        // Before the call, so that what it enqueues can use the freed place.
        control[CONTROL_READY_HEAD] = head;
        if (entry === READY_ITEM) {
          const item = rings.items[at]!;
          rings.items[at] = undefined;
          if (this._observed) runObserved(this, item);
          else item._run();
        } else if (entry >= READY_COMPLETION) {
          const place = entry - READY_COMPLETION;
          if (this._observed) runObserved(this, this.#completions.at(place));
          else this.#completions.deliver(place);
        } else {
          const timer = this._timers.take(entry);
          if (timer === undefined) continue;
          if (this._observed) runObserved(this, timer);
          else timer._run();
        }
      }
    } finally {
      observer?.dispatchEnds?.(this);
      rings.dispatching = false;
      if (this.#closed) this.#letGo();
      current.loop = null;
      current.task = null;
      current.call = null;
      current.values = base;
      leaveLateCall();
    }
  }

  /** @internal */
  override _enqueue(item: Runnable): void {
    this._rings.enqueue(item);
  }

  /** @internal */
  override _holdTime(change: number): void {
    this._engine.expectWake(change);
  }

  /** @internal */
  override _checkClosed(): void {
    if (this.#closed) throw new RuntimeError('Event loop is closed');
  }

  /** @internal Sends a handle's completions to `target`; keeps the process alive. */
  _register(handle: number, generation: number, target: CompletionTarget): void {
    if (this._bindsStores) bindStores(target, '_complete', '_run');
    this.#completions.register(handle, generation, target);
  }

  /** @internal */
  _unregister(handle: number): void {
    this.#completions.unregister(handle);
  }

  /** @internal A receive chunk. */
  _chunk(slot: number): Uint8Array {
    return this.#chunks[slot]!;
  }
}

/** Lists the first few of the tasks that are left in a deadlock. */
function describeWaiting(tasks: ReadonlySet<Task<any>>): string {
  if (tasks.size === 0) return '';
  const [first, second] = tasks;
  const more = tasks.size > 2 ? ` and ${tasks.size - 2} more` : '';
  return `; waiting: ${first}${second === undefined ? '' : `, ${second}`}${more}`;
}

export type { CompletionTarget };
