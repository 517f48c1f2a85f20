/** What counts as a coroutine, and the errors that explain what does not. */
import { describe, functionName } from '../support/describe.ts';
import { RuntimeError } from '../errors/errors.ts';
import { Future } from '../future/future.ts';
import type { LoopCore } from '../contract/loop-core.ts';
import type { Awaitable, Coro, Coroutine } from '../support/types.ts';

export type CoroutineKind = 'generator' | 'function' | 'promise' | 'other';

/**
 * Which kind of coroutine `value` is.
 * @param inside - for a function: look whether it is surely a `function*`, which needs no async
 * lane
 */
export function coroutineKind(value: unknown, inside = false): CoroutineKind {
  if (typeof value === 'function') {
    if (!inside) return 'function';
    return (value as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] === 'GeneratorFunction'
      ? 'generator'
      : 'function';
  }
  if (typeof value !== 'object' || value === null || value instanceof Future) return 'other';
  if (isGenerator(value)) return 'generator';
  return typeof (value as PromiseLike<unknown>).then === 'function' ? 'promise' : 'other';
}

/** The methods of all generators of this realm. */
const { next: NEXT, throw: THROW } = Object.getPrototypeOf(function* () {}).prototype as Coro;

/** Whether `value` is a coroutine of the generator lane. */
export function isGenerator(value: object): value is Coro {
  const generator = value as Partial<Coro>;
  // True for nearly all; looking for a missing member is expensive.
  if (generator.next === NEXT && generator.throw === THROW) return true;
  return (
    typeof generator.next === 'function' &&
    typeof generator.throw === 'function' &&
    !(value instanceof Future) &&
    !(Symbol.asyncIterator in value)
  );
}

/** Whether `value` is a Promise or other thenable, and not an awaitable of ours. */
export function isForeignPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(Symbol.iterator in value) &&
    typeof (value as PromiseLike<unknown>).then === 'function'
  );
}

/**
 * Whether `createTask` takes `value`: a generator, a Promise, or a function, which may return
 * either. A future is not a coroutine; `ensureFuture` takes it.
 *
 * @example if (isCoroutine(given)) createTask(given);
 */
export function isCoroutine(value: unknown): value is Coroutine {
  return coroutineKind(value) !== 'other';
}

/** A generator for what a coroutine function returned, or for a Promise; null for other values. */
export function fromResult<T>(made: unknown): Coro<T> | null {
  if (typeof made !== 'object' || made === null) return null;
  if (isGenerator(made)) return made as Coro<T>;
  // Arrays and maps are iterable too, but are not coroutines.
  if (typeof (made as PromiseLike<T>).then !== 'function') return null;
  if (typeof (made as Awaitable<T>)[Symbol.iterator] === 'function') {
    return delegate(made as Awaitable<T>);
  }
  // The task looks at it a turn later; by then Node would have reported it as unhandled.
  if (made instanceof Promise) made.catch(() => {});
  return waitForPromise(made as PromiseLike<T>);
}

function* delegate<T>(awaitable: Awaitable<T>): Coro<T> {
  return yield* awaitable;
}

function* waitForPromise<T>(promise: PromiseLike<T>): Coro<T> {
  return yield* futureOfPromise(promise);
}

/** A class of its own for its name, which is shown where waits are listed. */
class PromiseFuture<T> extends Future<T> {}

/** A future for the outcome of a Promise. Cancelling it does not affect the Promise. */
export function futureOfPromise<T>(
  promise: PromiseLike<T>,
  options?: { loop: LoopCore },
): Future<T> {
  const future = new PromiseFuture<T>(options);
  const loop = future._loop;
  loop._promises += 1;
  promise.then(
    (value) => {
      loop._promises -= 1;
      if (!future.done()) future.setResult(value);
    },
    (error: unknown) => {
      loop._promises -= 1;
      if (!future.done())
        future._fail(
          error ||
            new RuntimeError(`a Promise was rejected with ${String(error)}, which is no error`, {
              cause: error,
            }),
        );
    },
  );
  return future;
}

/** The error for anything but a coroutine. */
export function notACoroutine(where: string, value: unknown): TypeError {
  if (value instanceof Future) {
    return new TypeError(
      `${where.replace(/ got$/, '')} takes a coroutine, got ${describe(value)}; ` +
        'ensureFuture() takes futures too',
    );
  }
  if (typeof value === 'object' && value !== null && Symbol.asyncIterator in value) {
    return new TypeError(
      `${where} an async generator, which is no coroutine; ` +
        'for await, in an async function, goes through one',
    );
  }
  return new TypeError(
    `${where} ${describe(value)}: a coroutine was expected ` +
      '(a generator object, a function* or async function, or a Promise)',
  );
}

/** The error for a hand-written generator whose methods return no iterator result. */
export function noResult(task: Future<any>, result: unknown): TypeError {
  return new TypeError(`the generator of ${task} gave ${describe(result)}, no iterator result`);
}

/** The error that is thrown into a coroutine at a wrong yield. */
export function badYield(task: Future<any>, value: unknown): Error {
  if (value instanceof Future) {
    if (value === task) return new RuntimeError(`Task cannot await on itself: ${task}`);
    if (value._loop !== task._loop) {
      return new RuntimeError(`${task} got ${value} attached to a different loop`);
    }
    return new RuntimeError(`yield was used instead of yield* in ${task} with ${value}`);
  }
  if (typeof value === 'object' && value !== null) {
    if (isGenerator(value)) {
      return new RuntimeError(
        `yield was used instead of yield* for a generator in ${task}; ` +
          'write yield* generator, or createTask(generator) to run it beside',
      );
    }
    if (Symbol.asyncIterator in value) {
      return new RuntimeError(
        `an async generator was yielded in ${task}; ` +
          'for await, in an async function, goes through one',
      );
    }
    if (Symbol.iterator in value && 'then' in value) {
      return new RuntimeError(`yield was used instead of yield* in ${task}`);
    }
    if (typeof (value as PromiseLike<unknown>).then === 'function') {
      return new RuntimeError(`a Promise was yielded in ${task}; write yield* promise(thePromise)`);
    }
  }
  if (typeof value === 'function') {
    return new RuntimeError(
      `a function was yielded in ${task}: ${functionName(value)}; ` +
        'write yield* it() or createTask(it)',
    );
  }
  return new RuntimeError(`Task got bad yield: ${describe(value)}`);
}
