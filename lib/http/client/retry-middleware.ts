import type { Duration } from '../../core/support/duration.ts';
import { toSeconds } from '../../core/support/duration.ts';
import { checkFlags, checkOptions } from '../../core/support/options.ts';
import type { Coro } from '../../core/support/types.ts';
import { sleep } from '../../tasks/sleep.ts';
import { integer } from '../message/option-values.ts';
import { describe } from '../message/outgoing-body.ts';
import { isPassingFailure } from './errors.ts';
import { IDEMPOTENT } from './idempotent.ts';
import type { ClientMiddleware, ClientRequest } from './middleware.ts';
import type { ClientResponse } from './response.ts';

/** Options of {@link retryRequests}. */
export interface RetryRequestsOptions {
  /** How often a request is sent at most, including the first time; default 3. */
  attempts?: number;
  /** The wait before the second attempt; it doubles each time; default 0.5 s. */
  delay?: Duration;
  /** The longest wait, including one that the server asks for; default 30 s. */
  maxDelay?: Duration;
  /** Statuses that are retried; default 408, 425, 429, 500, 502, 503 and 504. */
  statuses?: readonly number[];
  /** Methods that are retried; default: the idempotent ones, so neither POST nor PATCH. */
  methods?: readonly string[];
  /** Whether each wait is random between half of it and the whole; default true. */
  jitter?: boolean;
  /** Random numbers from 0 up to 1 for `jitter`; pass a seeded function for reproducible waits. */
  random?: () => number;
}

const NAMES = ['attempts', 'delay', 'maxDelay', 'statuses', 'methods', 'jitter', 'random'];
const STATUSES = [408, 425, 429, 500, 502, 503, 504];

/**
 * A middleware that retries failed requests: when the connection could not be made or broke, one of
 * its time limits passed, or the server answered with a status that is likely to be temporary. The
 * wait grows each time, or is what the server asks for (`Retry-After`, seconds or a date); if that
 * is longer than `maxDelay`, the response is returned as it is. The total time limit covers all
 * attempts. A body that is a stream is not sent twice.
 *
 * @throws TypeError, RangeError naming the option
 * @example new ClientSession({ middlewares: [retryRequests({ attempts: 5 })] })
 */
export function retryRequests(options: RetryRequestsOptions = {}): ClientMiddleware {
  checkOptions('retryRequests()', options, NAMES);
  checkFlags('retryRequests()', options, ['jitter']);
  const { statuses = STATUSES, methods, jitter = true, random = randomFraction } = options;
  if (typeof random !== 'function') {
    throw new TypeError(`retryRequests(): random must be a function, not ${describe(random)}`);
  }
  const attempts = integer('attempts', options.attempts ?? 3, 1, 1000);
  const least = seconds('delay', options.delay ?? 0.5);
  const most = seconds('maxDelay', options.maxDelay ?? 30);
  const again = listOf('statuses', statuses, 'number');
  const able =
    methods === undefined
      ? IDEMPOTENT
      : new Set([...listOf('methods', methods, 'string')].map((method) => method.toUpperCase()));

  /** Seconds until the next attempt; null when there is none. */
  function wait(attempt: number, request: ClientRequest, response: ClientResponse | null) {
    if (attempt >= attempts || !able.has(request.method) || !request.sendable) return null;
    if (response !== null && !again.has(response.status)) return null;
    const asked = response === null ? null : retryAfter(response.headers.get('retry-after'));
    if (asked !== null) return asked > most ? null : asked;
    const delay = Math.min(least * 2 ** (attempt - 1), most);
    return jitter ? delay * (0.5 + random() / 2) : delay;
  }

  return function* (request, next): Coro<ClientResponse> {
    for (let attempt = 1; ; attempt++) {
      let delay: number | null;
      try {
        const response = yield* next(request.withHeaders(request.headers._copy()));
        delay = wait(attempt, request, response);
        if (delay === null) return response;
        response.release();
      } catch (error) {
        delay = isPassingFailure(error) ? wait(attempt, request, null) : null;
        if (delay === null) throw error;
      }
      yield* sleep(delay);
    }
  };
}

/** The seconds in a `Retry-After` header; null when it is absent or invalid. */
function retryAfter(header: string | null): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d{1,10}$/.test(text)) return Number(text);
  const date = /^[A-Za-z]{3},? /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? null : Math.max(0, (date - new Date().getTime()) / 1000);
}

function randomFraction(): number {
  return process.getBuiltinModule('node:crypto').randomInt(2 ** 32) / 2 ** 32;
}

function seconds(name: string, value: Duration): number {
  const given = toSeconds(value, name);
  if (given >= 0) return given;
  throw new RangeError(`retryRequests(): ${name} must be 0 or more, not ${given}`);
}

function listOf<T>(name: string, given: readonly T[], type: string): ReadonlySet<T> {
  if (!Array.isArray(given)) {
    throw new TypeError(`retryRequests(): ${name} must be an array, not ${describe(given)}`);
  }
  for (const one of given as unknown[]) {
    if (typeof one === type) continue;
    throw new TypeError(`retryRequests(): ${name} has ${describe(one)}, which is no ${type}`);
  }
  return new Set(given);
}
