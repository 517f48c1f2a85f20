/** Waiting for several awaitables at once. */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { isGenerator } from '../core/task/coroutine.ts';
import { futureFor, isAwaitable, loopForAll } from '../core/loop/ensure-future.ts';
import type { AbortError } from '../core/errors/errors.ts';
import { describe } from '../core/support/describe.ts';
import { CANCELLED, DONE, Future, PENDING } from '../core/future/future.ts';
import type { Waiter } from '../core/future/future.ts';
import { checkFlags, checkOptions } from '../core/support/options.ts';
import { cancelThrough, walksCancel } from '../core/task/cancel.ts';
import type { Passed, Passing } from '../core/task/cancel.ts';
import type { AwaitableLike, Coro, ResultOf } from '../core/support/types.ts';
import type { Runnable } from '../native/rings.ts';
import { onAbort } from './abort.ts';
import type { SignalOptions } from './abort.ts';

/** Options of `gather`. */
export interface GatherOptions extends SignalOptions {
  /** Puts errors among the results instead of failing with the first one; false by default. */
  returnExceptions?: boolean | undefined;
}

/**
 * The future that `gather` returns. It is the only waiter it adds to each child, and is woken when
 * one is done. The results are read from the children at the end, one turn after the last one
 * completed, as with asyncio's done callbacks.
 */
class Gather extends Future<unknown[]> implements Passing, Waiter, Runnable {
  readonly #children: readonly Future<any>[];
  readonly #returnExceptions: boolean;
  #left: number;
  #cancelRequested = false;
  #reason: unknown;
  #abortion: AbortError | undefined;
  /** The child whose error will end it in the next turn. */
  #failed: Future<any> | null = null;

  constructor(
    loop: AbstractEventLoop,
    children: readonly Future<any>[],
    returnExceptions: boolean,
  ) {
    super({ loop });
    this.#children = children;
    this.#returnExceptions = returnExceptions;
    this.#left = children.length;
    for (const child of children) {
      if (child._state === PENDING) child._addWaiter(this);
      else this.#count(child);
    }
    // If it can end now, no extra turn is needed.
    if (this.#ends()) this._run();
  }

  /** Cancels every child; the gather is done when they are. */
  override cancel(reason?: unknown): boolean {
    return this._state === PENDING && cancelThrough(this, reason);
  }

  /**
   * @internal The request is recorded before the children are cancelled: plain futures settle
   *   within that call.
   */
  _beginCancel(reason: unknown): Passed {
    const before = this.#cancelRequested;
    const reasonBefore = this.#reason;
    this.#cancelRequested = true;
    this.#reason = reason;
    const refused = (): void => {
      this.#cancelRequested = before;
      this.#reason = reasonBefore;
    };
    return { to: this.#children, refused };
  }

  /** @internal */
  _abort(error: AbortError): void {
    this.#abortion = error;
    this.#cancelRequested = true;
    for (const child of this.#children) child.cancel(error.cause);
    if (this.#left === 0 && this._state === PENDING) this.#finish();
  }

  /** @internal A child is done. */
  _wake(child: Future<any>): void {
    const before = this.#ends();
    this.#count(child);
    if (!before && this.#ends()) this._loop._enqueue(this);
  }

  #count(child: Future<any>): void {
    this.#left--;
    if (this._state !== PENDING || this.#failed !== null) {
      // The gather has already failed; errors of the other children are ignored.
      child._markRetrieved();
    } else if (child._state !== DONE && !this.#returnExceptions && !this.#cancelRequested) {
      this.#failed = child;
    }
  }

  #ends(): boolean {
    return this.#failed !== null || this.#left === 0;
  }

  /** @internal */
  _run(): void {
    if (this._state !== PENDING) return;
    if (this.#failed !== null) this._fail(this.#failed._takeError());
    else this.#finish();
  }

  #finish(): void {
    if (this.#cancelRequested) {
      for (const child of this.#children) child._markRetrieved();
      if (this.#abortion !== undefined) this._fail(this.#abortion);
      else this._settle(CANCELLED, this.#reason);
      return;
    }
    this._settle(
      DONE,
      this.#children.map((child) => (child._state === DONE ? child.result() : child._takeError())),
    );
  }
}

walksCancel(Gather);

/**
 * Waits for all awaitables and returns their results in the order of the arguments. Coroutines run
 * as tasks. The first error is thrown at once while the others keep running; with
 * `returnExceptions` the errors are among the results. Cancelling it cancels all of them.
 *
 * @throws the first error of a child; AbortError when `signal` aborts, after all have been
 *   cancelled and have ended; TypeError when an item cannot be awaited; RangeError for futures of
 *   different loops; RuntimeError when no loop is running
 *
 * @example const [a, b] = yield* gather(first(), second());
 * @example const all = yield* gather(urls.map(load), { returnExceptions: true });
 */
export function gather<A extends readonly AwaitableLike<any>[]>(
  ...awaitables: A
): Future<{ -readonly [K in keyof A]: ResultOf<A[K]> }>;
export function gather<const A extends readonly AwaitableLike<any>[]>(
  awaitables: A,
  options?: GatherOptions & { returnExceptions?: false },
): Future<{ -readonly [K in keyof A]: ResultOf<A[K]> }>;
export function gather<const A extends readonly AwaitableLike<any>[]>(
  awaitables: A,
  options: GatherOptions,
): Future<{ -readonly [K in keyof A]: ResultOf<A[K]> | Error }>;
export function gather<A extends AwaitableLike<any>>(
  awaitables: Iterable<A>,
  options?: GatherOptions & { returnExceptions?: false },
): Future<ResultOf<A>[]>;
export function gather<A extends AwaitableLike<any>>(
  awaitables: Iterable<A>,
  options: GatherOptions,
): Future<(ResultOf<A> | Error)[]>;
export function gather(...args: any[]): Future<any> {
  const [awaitables, options] = takeArguments(args);
  const loop = loopForAll('gather()', awaitables);
  const children = awaitables.map(toFuture);
  for (const child of children) {
    if (child._loop !== loop) throw new RangeError('gather(): futures of different loops');
  }
  const future = new Gather(loop, children, options.returnExceptions === true);
  if (options.signal) onAbort(future, options.signal, (error) => future._abort(error));
  return future;
}

/** Splits the arguments: awaitables one by one, or one iterable of them followed by options. */
export function takeArguments<O extends object>(
  args: unknown[],
): [awaitables: readonly AwaitableLike[], options: Partial<O> & GatherOptions] {
  const first = args[0];
  if (args.length === 0 || isAwaitable(first)) {
    return [args as AwaitableLike[], {} as Partial<O>];
  }
  if (typeof (first as Iterable<AwaitableLike> | null)?.[Symbol.iterator] !== 'function') {
    throw new TypeError(
      'gather() takes awaitables, or an iterable of them, ' + `got ${describe(first)}`,
    );
  }
  const options = args[1] === undefined ? {} : (args[1] as object);
  checkOptions('gather()', options, ['returnExceptions', 'signal']);
  checkFlags('gather()', options, ['returnExceptions']);
  return [[...(first as Iterable<AwaitableLike>)], options as Partial<O>];
}

/**
 * Holds the task that runs a generator, as a property of the generator: a WeakMap would cost far
 * more.
 */
const TASK: unique symbol = Symbol('task of gather');

/**
 * A generator that is given twice is run once; a function is called for each place, and a Promise
 * can be followed any number of times.
 */
function toFuture(awaitable: AwaitableLike): Future<any> {
  if (awaitable instanceof Future) return awaitable;
  if (typeof awaitable !== 'object' || !isGenerator(awaitable)) return futureFor(awaitable);
  const marked = awaitable as Coro & { [TASK]?: Future<any> };
  return (marked[TASK] ??= futureFor(awaitable));
}
