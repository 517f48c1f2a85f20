/** Trying again until it works, with growing pauses. */

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

/** What the function learns about an attempt. */
export interface Attempt {
  /** 1 for the first. */
  readonly attempt: number;
  /** Aborts when this attempt is cancelled: by its timeout, by `signal`, or from outside. */
  readonly signal: AbortSignal;
}

/**
 * How a pause is blurred, so that many clients do not come back together. `'full'`: anything from 0
 * to the pause; `'equal'`: from half the pause to all of it; a number from 0 to 1: as much of the
 * pause, up or down; `'none'`: not at all.
 */
export type Jitter = 'none' | 'full' | 'equal' | number;

/** How often is tried, and with which pauses. */
export interface RetryOptions extends SignalOptions {
  /** How many attempts there are at most, the first included; 3 by default, Infinity for ever. */
  attempts?: number | undefined;
  /** The pause after the first attempt: seconds, or a string with its unit; 100 ms by default. */
  delay?: Duration | undefined;
  /** How much longer each pause is than the one before; 2 by default, at least 1. */
  factor?: number | undefined;
  /** What no pause is longer than; 30 s by default. */
  maxDelay?: Duration | undefined;
  /** `'none'` by default. */
  jitter?: Jitter | undefined;
  /** How long one attempt may take; then it is cancelled, and has failed with a TimeoutError. */
  timeout?: Duration | null | undefined;
  /** Whether to try again after this error; may be a coroutine function. By default always. */
  retryIf?: ((error: any, attempt: number) => unknown) | undefined;
  /**
   * Is called with every error that is followed by another attempt, before the pause (`delay`
   * seconds); may be a coroutine function.
   */
  onRetry?: ((error: any, attempt: number, delay: number) => unknown) | undefined;
  /** Numbers from 0 up to 1 for the jitter; give a seeded one to have the same pauses again. */
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

/** Every error of a call that has failed at last, by its last one. */
const errorsOf: WeakMap<object, readonly unknown[]> = new WeakMap();

/**
 * Calls the function, and calls it again when it throws, until it has succeeded or there is no
 * attempt left; gives what it returns. Every attempt is a task of its own. The first pause is
 * `delay`, each further one `factor` times as long, and none longer than `maxDelay`.
 *
 * CancelledError and KeyboardInterrupt are never retried, and neither is anything once the task has
 * been asked to cancel. Cancel-safe: a cancel ends the attempt, or the pause.
 *
 * @param body - gets `{ attempt, signal }`
 * @throws the error of the last attempt, the very object; `retryErrors(error)` gives all of them.
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
 * The errors of all attempts in their order, for the error that `retry` has thrown; empty for any
 * other.
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
      // A body may turn the cancel that ended it into an error of its own; it was one all the same.
      const cancelled = (task?.cancelling() ?? 0) > cancelling || plan.signal?.aborted === true;
      if (cancelled || isFinal(error) || attempt >= plan.attempts) throw error;
      if (!(yield* settled(plan.retryIf(error, attempt)))) throw error;
      const pause = pauseAfter(attempt, plan);
      yield* settled(plan.onRetry(error, attempt, pause));
      yield* sleep(pause, undefined, { signal: plan.signal });
    }
  }
}

/** What something that is not a body returned: calling it again would not help. */
class NoCoroutine extends TypeError {}

function isFinal(error: unknown): boolean {
  return isA(error, CancelledError) || isA(error, KeyboardInterrupt) || isA(error, NoCoroutine);
}

/** Starts an attempt, as a task: then its signal and its timeout concern nothing else. */
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
  // Both are called in the first step of the task: `handed` knows it by then.
  const task: Task<T> = new Task<T>(
    coroutineKind(body, true) === 'generator'
      ? function* () {
          return yield* body(handed) as Coro<T>;
        }
      : (start as () => Coro<T>),
  );
  return task;
}

/** The outcome of a callback that may be a coroutine function. */
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
