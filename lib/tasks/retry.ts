/** Retrying with increasing pauses. */

import { coroutineKind, fromResult, notACoroutine } from '../core/task/coroutine.ts';
import { describe } from '../core/support/describe.ts';
import { toSeconds, toTimeout } from '../core/support/duration.ts';
import type { Duration } from '../core/support/duration.ts';
import { isAwaitable } from '../core/loop/ensure-future.ts';
import { CancelledError, isA, KeyboardInterrupt } from '../core/errors/errors.ts';
import { checkOptions } from '../core/support/options.ts';
import { runningTask } from '../core/context/running.ts';
import { Task } from '../core/task/task.ts';
import type { Coro, Coroutine } from '../core/support/types.ts';
import { abortedBefore } from './abort.ts';
import type { SignalOptions } from './abort.ts';
import { checkBody, ScopeRun } from './scope.ts';
import { sleep } from './sleep.ts';
import { waitFor } from './wait-for.ts';

/** What the body is given about an attempt. */
export interface Attempt {
  /** 1 for the first. */
  readonly attempt: number;
  /** Aborts when this attempt is cancelled: by its timeout, by `signal`, or from outside. */
  readonly signal: AbortSignal;
}

/**
 * How pauses are randomised, so that many clients do not retry at the same moment. `'full'`: from 0
 * to the pause; `'equal'`: from half the pause to the whole; a number from 0 to 1: up to that
 * fraction of the pause more or less; `'none'`: not at all.
 */
export type Jitter = 'none' | 'full' | 'equal' | number;

/** Options of `retry`. */
export interface RetryOptions extends SignalOptions {
  /** The maximum number of attempts, including the first; 3 by default, Infinity for no limit. */
  attempts?: number | undefined;
  /** The pause after the first attempt: seconds, or a string with a unit; 100 ms by default. */
  delay?: Duration | undefined;
  /** The factor from each pause to the next; at least 1, 2 by default. */
  factor?: number | undefined;
  /** The maximum pause: seconds, or a string with a unit; 30 s by default. */
  maxDelay?: Duration | undefined;
  /** `'none'` by default. */
  jitter?: Jitter | undefined;
  /**
   * The time limit of one attempt: seconds, or a string with a unit; none by default. After it the
   * attempt is cancelled, and counts as failed with a TimeoutError.
   */
  timeout?: Duration | null | undefined;
  /**
   * Returns whether to try again after this error; may be a coroutine function. By default always.
   */
  retryIf?: ((error: any, attempt: number) => unknown) | undefined;
  /**
   * Called with every error that will be followed by another attempt, before the pause (`delay`
   * seconds); may be a coroutine function.
   */
  onRetry?: ((error: any, attempt: number, delay: number) => unknown) | undefined;
  /**
   * Returns random numbers from 0 to 1 for the jitter; pass a seeded generator for reproducible
   * pauses.
   */
  random?: (() => number) | undefined;
}

const RETRY_OPTIONS = [
  'attempts',
  'delay',
  'factor',
  'jitter',
  'maxDelay',
  'onRetry',
  'random',
  'retryIf',
  'signal',
  'timeout',
];

interface Plan {
  readonly attempts: number;
  readonly delay: number;
  readonly factor: number;
  readonly maxDelay: number;
  readonly jitter: Jitter;
  readonly timeout: number | null;
  readonly retryIf: (error: unknown, attempt: number) => unknown;
  readonly onRetry: (error: unknown, attempt: number, delay: number) => unknown;
  readonly random: () => number;
  readonly signal: AbortSignal | null | undefined;
}

/** The errors of all attempts of a call, keyed by the last one. */
const errorsOf: WeakMap<object, readonly unknown[]> = new WeakMap();

/**
 * Calls the function, and calls it again when it throws, until it succeeds or no attempt is left.
 * Returns what the function returns. Every attempt runs in its own task. The first pause is
 * `delay`, each further one `factor` times as long, but none is longer than `maxDelay`.
 *
 * CancelledError and KeyboardInterrupt are never retried, and nothing is retried once the calling
 * task has been asked to cancel. Cancel-safe: a cancel ends the attempt or the pause.
 *
 * @param body - gets `{ attempt, signal }`
 * @throws the error object of the last attempt; `retryErrors(error)` returns those of all attempts.
 *   AbortError when `signal` aborts. TypeError, RangeError for wrong options
 * @example
 * const page = yield* retry(function* ({ attempt }) { return yield* load(url); }, {
 *   attempts: 5, delay: '100ms', jitter: 'full', timeout: '2s',
 *   retryIf: (error) => error.code !== 'EACCES',
 * });
 * @example
 * const answer = await retry(({ signal }) => fetch(url, { signal }));
 */
export function retry<T>(
  body: (attempt: Attempt) => Coro<T> | PromiseLike<T>,
  options: RetryOptions = {},
): ScopeRun<T> {
  checkBody('retry()', body);
  const plan = readOptions(options);
  return new ScopeRun(() => attemptAll(body, plan));
}

/**
 * The errors of all attempts in order, for an error that `retry` has thrown; empty for any other
 * error.
 */
export function retryErrors(error: unknown): readonly unknown[] {
  return typeof error === 'object' && error !== null ? (errorsOf.get(error) ?? []) : [];
}

function* attemptAll<T>(body: (attempt: Attempt) => Coro<T> | PromiseLike<T>, plan: Plan): Coro<T> {
  const abortion = abortedBefore(plan.signal);
  if (abortion !== null) throw abortion;
  const task = runningTask<Task<any>>();
  const cancelling = task?.cancelling() ?? 0;
  const errors: unknown[] = [];
  for (let attempt = 1; ; attempt++) {
    try {
      return yield* waitFor(begin(body, attempt), plan.timeout, { signal: plan.signal });
    } catch (error) {
      errors.push(error);
      if (typeof error === 'object' && error !== null) errorsOf.set(error, errors);
      // A body may turn the cancel into an error of its own; that is not retried either.
      const cancelled = (task?.cancelling() ?? 0) > cancelling || plan.signal?.aborted === true;
      if (cancelled || isFinal(error) || attempt >= plan.attempts) throw error;
      if (!(yield* settled(plan.retryIf(error, attempt)))) throw error;
      const pause = pauseAfter(attempt, plan);
      yield* settled(plan.onRetry(error, attempt, pause));
      yield* sleep(pause, undefined, { signal: plan.signal });
    }
  }
}

/** The body returned something that is not awaitable: calling it again would not help. */
class NoCoroutine extends TypeError {}

function isFinal(error: unknown): boolean {
  return isA(error, CancelledError) || isA(error, KeyboardInterrupt) || isA(error, NoCoroutine);
}

/** Starts an attempt in its own task, so that its signal and timeout affect nothing else. */
function begin<T>(body: (attempt: Attempt) => Coro<T> | PromiseLike<T>, attempt: number): Task<T> {
  const handed: Attempt = {
    attempt,
    get signal() {
      return task.signal;
    },
  };
  const start = (): Coroutine<T> => {
    const made = body(handed);
    if (isAwaitable(made)) return made;
    throw new NoCoroutine(notACoroutine('the body of retry() returned', made).message);
  };
  // Either way the body is called in the task's first step: by then `task` is assigned.
  const task: Task<T> = new Task<T>(
    coroutineKind(body, true) === 'generator'
      ? function* () {
          return yield* body(handed) as Coro<T>;
        }
      : (start as () => Coro<T>),
  );
  return task;
}

/** Waits for the result of a callback that may be a coroutine function. */
function* settled(made: unknown): Coro<unknown> {
  const coroutine = fromResult(made);
  return coroutine === null ? made : yield* coroutine;
}

/** Seconds to wait after an attempt. */
function pauseAfter(attempt: number, plan: Plan): number {
  const { jitter, maxDelay } = plan;
  const pause = Math.min(plan.delay * plan.factor ** (attempt - 1), maxDelay);
  if (jitter === 'none' || jitter === 0) return pause;
  const random = plan.random();
  if (typeof random !== 'number' || !(random >= 0 && random <= 1)) {
    throw new RangeError(
      `retry(): random() must give a number from 0 to 1, got ${describe(random)}`,
    );
  }
  if (jitter === 'full') return pause * random;
  if (jitter === 'equal') return (pause * (1 + random)) / 2;
  return Math.min(pause * (1 + jitter * (2 * random - 1)), maxDelay);
}

function readOptions(options: RetryOptions): Plan {
  checkOptions('retry()', options, RETRY_OPTIONS);
  const { attempts = 3, factor = 2, jitter = 'none', signal } = options;
  if (attempts !== Infinity && !(Number.isInteger(attempts) && attempts >= 1)) {
    throw wrong('attempts', attempts, 'an integer of at least 1, or Infinity');
  }
  if (typeof factor !== 'number' || !(factor >= 1 && factor < Infinity)) {
    throw wrong('factor', factor, 'a number of at least 1');
  }
  if (
    !(
      jitter === 'none' ||
      jitter === 'full' ||
      jitter === 'equal' ||
      (typeof jitter === 'number' && jitter >= 0 && jitter <= 1)
    )
  ) {
    throw wrong('jitter', jitter, "'none', 'full', 'equal', or a number from 0 to 1");
  }
  abortedBefore(signal);
  return {
    attempts,
    factor,
    jitter,
    signal,
    delay: Math.max(0, toSeconds(options.delay ?? 0.1)),
    maxDelay: Math.max(0, toSeconds(options.maxDelay ?? 30, 'maxDelay')),
    timeout: toTimeout(options.timeout),
    retryIf: callback('retryIf', options.retryIf, () => true),
    onRetry: callback('onRetry', options.onRetry, () => undefined),
    random: callback('random', options.random, randomFraction),
  };
}

function randomFraction(): number {
  return process.getBuiltinModule('node:crypto').randomInt(2 ** 32) / 2 ** 32;
}

function callback<F>(name: string, given: F | undefined, fallback: F): F {
  if (given !== undefined && typeof given !== 'function') throw wrong(name, given, 'a function');
  return given ?? fallback;
}

function wrong(name: string, given: unknown, allowed: string): Error {
  const message = `retry(): ${name} must be ${allowed}, got ${describe(given)}`;
  return typeof given === 'number' || typeof given === 'string'
    ? new RangeError(message)
    : new TypeError(message);
}
