/**
 * Future: a result that becomes available later.
 *
 * It is not a Promise: settling it runs no code at once and uses no microtask; its waiters are put
 * into the loop's ready queue. `_waiter` is the one waiter, or a list once there is a second.
 *
 * For `yield*` a future is its own iterator, and the iterator results are two objects that all
 * futures share: `yield*` and the driver read them before anything else can run, so awaiting
 * allocates nothing.
 */
import type { FutureCore } from '../contract/future-core.ts';
import type { LoopCore } from '../contract/loop-core.ts';
import { bindStores } from '../context/async-stores.ts';
import { checkCallback } from '../debug/debug.ts';
import { DoneCallback } from './done-callback.ts';
import {
  captureSource,
  createdAt,
  describe,
  shortly,
  sourceTraceback,
} from '../support/describe.ts';
import { CancelledError, InvalidStateError, RuntimeError } from '../errors/errors.ts';
import { captureStack } from '../debug/frames.ts';
import { checkGivenLoop, loopWithout } from '../context/given-loop.ts';
import { AsyncWaiter } from './async-waiter.ts';
import { watchForRetrieval, forgetRetrieval } from '../errors/never-retrieved.ts';
import { checkOptions } from '../support/options.ts';
import { asyncTask, runningTask } from '../context/running.ts';
import { showsText } from '../support/shows-text.ts';
import type { Awaitable, Yieldable } from '../support/types.ts';
import {
  AWAITING,
  CANCELLED,
  CANCELLED_WITH,
  DONE,
  FAILED,
  noteProbe,
  PENDING,
  PROBED,
  READY,
  RETRIEVED,
  takeAwaited,
} from './state.ts';
import {
  addToWaiters,
  describeWaiters,
  joinWaiters,
  listWaiters,
  removeFromWaiters,
} from './waiters.ts';
import type { Waiter } from './waiters.ts';

/** Checks options given by users; our own subclasses pass theirs unchecked. */
function checkFutureOptions(options: { loop?: LoopCore }): void {
  checkOptions('Future', options, ['loop']);
  if (options.loop) checkGivenLoop('Future', options.loop);
}

/** Where a future was made, and by which task, in debug mode. */
interface Source {
  readonly stack: string;
  /** Weak: a task must not live as long as everything that it has created. */
  readonly task: WeakRef<object> | null;
}

const sources = new WeakMap<Future<any>, Source>();

/**
 * A result that becomes available later. `yield* future` and `await future` wait for it.
 *
 * @example
 * const future = loop.createFuture<number>();
 * loop.callLater(1, () => future.setResult(42));
 * yield* future; // 42
 */
export class Future<T = unknown> implements Awaitable<T>, FutureCore {
  // Declared here and set in the constructor: a field that is defined with its value costs more
  // than a microsecond once objects of more than four subclasses have been made, because V8 looks
  // up the definition of a field anew for every class, but remembers any number of assignments.
  // Private methods are a definition too.
  /** @internal */ declare readonly _loop: LoopCore;
  /** @internal */ declare _state: number;
  /** @internal */ declare _value: any;
  /** @internal */ declare _waiter: Waiter | null;

  /**
   * @param options - `loop`: by default the running one
   * @throws TypeError when `loop` is not an event loop; RuntimeError when none is given, running or
   *   set
   */
  constructor(options?: { loop?: LoopCore } | null) {
    const loop = options?.loop ?? loopWithout(new.target.name, options);
    // Our own objects with a `loop` are passed as options where futures are made by the thousand.
    if (new.target === Future && options !== loop._plain && options?.constructor === Object) {
      checkFutureOptions(options);
    }
    this._loop = loop;
    this._state = PENDING;
    this._value = undefined;
    this._waiter = null;
    if (loop._debug !== false) {
      // Checked only here, where it is free: anything but a loop has no `_debug`, and comes here.
      checkGivenLoop(new.target.name, loop);
      const task = runningTask();
      sources.set(this, { stack: captureSource(), task: task === null ? null : new WeakRef(task) });
    }
  }

  /** Whether it has a result, an error, or was cancelled. */
  done(): boolean {
    return this._state !== PENDING && this._state !== PROBED;
  }

  /** Whether it was cancelled. */
  cancelled(): boolean {
    return this._state >= CANCELLED;
  }

  /**
   * The result.
   * @throws the error it failed with; CancelledError; InvalidStateError while it is pending
   */
  result(): T {
    if (this._state === DONE) return this._value;
    if (this._state <= PENDING) throw new InvalidStateError('Result is not ready.');
    throw this._takeError();
  }

  /**
   * The error it failed with, or null.
   * @throws CancelledError; InvalidStateError while it is pending
   */
  exception(): unknown {
    if (this._state === DONE) return null;
    if (this._state <= PENDING) throw new InvalidStateError('Exception is not set.');
    if (this._state >= CANCELLED) throw this._takeError();
    return this._takeError();
  }

  /** Completes it with a result. @throws InvalidStateError when it is already done */
  setResult(value: T): void {
    if (this._state !== PENDING) throw settledTwice(this);
    this._settle(DONE, value);
  }

  /**
   * Completes it with an error. A class is instantiated.
   * @throws InvalidStateError when it is already done; TypeError for undefined and null
   */
  setException(exception: unknown): void {
    if (this._state !== PENDING) throw settledTwice(this);
    if (exception === undefined || exception === null) {
      throw new TypeError(`setException(${exception}): give an error`);
    }
    this._fail(isErrorClass(exception) ? new exception() : exception);
  }

  /**
   * Cancels it: code that awaits it gets a CancelledError with this reason.
   * @returns false when it was already done
   */
  cancel(reason?: unknown): boolean {
    if (this._state !== PENDING) return false;
    this._settle(CANCELLED, reason);
    return true;
  }

  /**
   * Calls `callback(future)` from the loop once the future is done; never immediately, even if it
   * is already done. Callbacks run in the order they were added, in the context they were added in.
   * @throws TypeError when `callback` is not a function
   */
  addDoneCallback(callback: (future: this) => unknown): void {
    if (typeof callback !== 'function') {
      throw new TypeError(`addDoneCallback(): ${describe(callback)} is not a function`);
    }
    if (this._loop._debug) checkCallback('addDoneCallback', callback, true);
    const entry = new DoneCallback(this, callback as (future: Future<any>) => unknown);
    if (this._loop._bindsStores) bindStores(entry, '_run');
    if (this._state === PENDING) this._addWaiter(entry);
    else this._loop._enqueue(entry);
  }

  /** Removes every occurrence of `callback`. @returns how many there were */
  removeDoneCallback(callback: (future: this) => unknown): number {
    const all = listWaiters(this._waiter);
    const kept = all.filter(
      (waiter) => !(waiter instanceof DoneCallback && waiter._callback === callback),
    );
    this._waiter = joinWaiters(kept);
    return all.length - kept.length;
  }

  /** For `yield*`: a future is its own iterator. */
  [Symbol.iterator](): Iterator<Yieldable, T, unknown> {
    // The first step follows at once; `next` recognises it by this.
    AWAITING.value = undefined!;
    return this as unknown as Iterator<Yieldable, T, unknown>;
  }

  /** @internal Whether a cancel would still take back what it was done with. */
  _isUntaken(): boolean {
    return false;
  }

  /** @internal */
  next(): IteratorResult<Yieldable, T> {
    if (this._state === PENDING) {
      if (AWAITING.value !== undefined) throw this._notAwaited();
      AWAITING.value = this;
      return AWAITING;
    }
    if (this._state !== DONE) return this._notReady();
    READY.value = this._value;
    return READY;
  }

  /**
   * @internal The error for a second step while it is pending: as its own iterator it would never
   * end in `[...future]`, `Promise.all(future)` or `new Set(future)`.
   */
  _notAwaited(): RuntimeError {
    takeAwaited();
    return new RuntimeError(`yield* or await was not used with ${this}`);
  }

  /** @internal `next` for a future that failed, was cancelled, or is being probed. */
  _notReady(): IteratorResult<Yieldable, T> {
    if (this._state !== PROBED) throw this._takeError();
    noteProbe(captureStack(this._notReady));
    AWAITING.value = this;
    return AWAITING;
  }

  /** @internal */
  throw(error: unknown): never {
    throw error;
  }

  /**
   * @internal Ends a wait; or throws when the iteration was not a wait at all but, for example,
   * `const [reader] = openConnection(…)`.
   */
  return(value: any): IteratorResult<Yieldable, T> {
    if (AWAITING.value === this) throw this._notAwaited();
    READY.value = value;
    return READY;
  }

  /** For `await`. Inside a task of the async lane, cancelling the task cancels this future. */
  then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    if (this._state === DONE) {
      return Promise.resolve(flatten(this) as T).then(fulfilled, rejected);
    }
    if (this._state !== PENDING) return Promise.reject(this._takeError()).then(fulfilled, rejected);
    return AsyncWaiter.wait(this, asyncTask(), fulfilled, rejected) as Promise<A | B>;
  }

  catch<B = never>(rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(undefined, rejected);
  }

  finally(settled?: (() => void) | null): Promise<T> {
    return this.then().finally(settled);
  }

  /** @internal Fails with `error`, whatever it is. */
  _fail(error: unknown): void {
    const waiter = this._waiter;
    this._settle(FAILED, error);
    // A waiting task is about to retrieve the error, and a done callback may have done so
    // already; only without either can it get lost.
    if (this._state !== FAILED) return;
    if (listWaiters(waiter).every(looksOn)) watchForRetrieval(this, error);
  }

  /** @internal Settles it and wakes its waiters. */
  _settle(state: number, value: unknown): void {
    this._state = state;
    this._value = value;
    const waiter = this._waiter;
    if (waiter === null) return;
    this._waiter = null;
    waiter._wake(this);
  }

  /** @internal The error to throw; the caller has checked that there is one. */
  _takeError(): unknown {
    const value = this._value;
    switch (this._state) {
      case FAILED:
        this._state = RETRIEVED;
        forgetRetrieval(this);
        return value;
      case RETRIEVED:
        return value;
      case CANCELLED_WITH:
        // The first caller gets the original error with its stack; later ones get a new error.
        this._state = CANCELLED;
        this._value = (value as CancelledError).reason;
        return value;
      default:
        return new CancelledError(value);
    }
  }

  /** @internal Whether its result can be read without claiming anything (see Reservation). */
  _isSettled(): boolean {
    return this._state === DONE;
  }

  /** @internal Whether it has failed, and nobody has looked at the error yet. */
  _isUnread(): boolean {
    return this._state === FAILED;
  }

  /** @internal Marks the error as retrieved without returning it. */
  _markRetrieved(): void {
    if (this._state === FAILED) this._takeError();
  }

  /** @internal */
  _addWaiter(waiter: Waiter): void {
    if (this._waiter === null) this._waiter = waiter;
    else this._waiter = addToWaiters(this._waiter, waiter);
  }

  /** @internal */
  _removeWaiter(waiter: Waiter): void {
    this._waiter = removeFromWaiters(this._waiter, waiter);
  }

  /** @internal Where it was made, in debug mode. */
  _source(): string | undefined {
    return sourceTraceback(sources.get(this)?.stack);
  }

  /** @internal The stack where this task created it, in debug mode; undefined for other tasks. */
  _madeBy(task: object): string | undefined {
    const source = sources.get(this);
    return source?.task?.deref() === task ? source.stack : undefined;
  }

  toString(): string {
    const waiters = describeWaiters(this._waiter);
    return `<${this.constructor.name} ${this._stateText()}${waiters}${createdAt(this._source())}>`;
  }

  /** @internal */
  _stateText(): string {
    switch (this._state) {
      case PENDING:
        return 'pending';
      case DONE:
        return `finished result=${shortly(this._value)}`;
      case FAILED:
      case RETRIEVED:
        return `finished exception=${shortly(this._value)}`;
      default:
        return 'cancelled';
    }
  }
}

showsText(Future);

/**
 * The result of a future; if that is itself a settled future, the result of that one, and so on.
 * `await` would get there too, but needs a microtask for each. A cycle gives a rejected Promise, as
 * it does for Promises; `await` would follow it for ever.
 */
function flatten(future: Future<any>): unknown {
  const first = future._value;
  if (!(first instanceof Future)) return first;
  let value: unknown = first;
  // Floyd's cycle detection: a second pointer at half the speed is met again in a cycle.
  let behind: Future<any> = future;
  for (let steps = 1; value instanceof Future && value._isSettled(); steps++) {
    value = value._value;
    if (steps % 2 === 0) behind = behind._value;
    if (value !== behind) continue;
    return Promise.reject(
      new TypeError(
        `Chaining cycle detected for ${describe(future)}: its ` +
          'result comes back to itself; yield* gives it as it is',
      ),
    );
  }
  return value;
}

function settledTwice(future: Future<any>): InvalidStateError {
  return new InvalidStateError(`invalid state: ${describe(future)} is done already`);
}

function looksOn(waiter: Waiter): boolean {
  return waiter instanceof DoneCallback || waiter._looksOn === true;
}

function isErrorClass(value: unknown): value is new () => Error {
  return (typeof value === 'function' && value.prototype instanceof Error) || value === Error;
}

/** Whether `value` is one of our futures (a task is one). */
export function isFuture(value: unknown): value is Future<unknown> {
  return value instanceof Future;
}

export type { Waiter };
export {
  AWAITING,
  CANCELLED,
  CANCELLED_WITH,
  DONE,
  FAILED,
  forgetAwaited,
  PENDING,
  PROBED,
  RETRIEVED,
  takeAwaited,
  takeProbe,
} from './state.ts';
