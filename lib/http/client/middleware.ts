/** Middlewares between a call of a session and the wire. */
import { describe } from '../../core/support/describe.ts';
import type { Awaitable, AwaitableLike, Coro } from '../../core/support/types.ts';
import type { Task } from '../../core/task/task.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { OutgoingRequest } from './request.ts';
import type { RequestLimits } from './request-limits.ts';
import { ClientResponse } from './response.ts';

/** A request as middlewares see it: one hop, before the cookies of the jar are added. */
export type ClientRequest = OutgoingRequest;

/** Sends a request on; a middleware may call it several times, or not at all. */
export type ClientNext = (request?: ClientRequest) => Task<ClientResponse>;

/**
 * Called for each request, including those caused by redirects, and returns its response: that of
 * `next(request)`, in either lane, or another. It may change the headers before, inspect the
 * response after, and send the request again, or a different one (`request.withHeaders(…)`). It
 * must release every response that it does not return.
 *
 * @example
 * const session = new ClientSession({
 *   middlewares: [
 *     function* (request, next) {
 *       request.headers.set('x-request-id', randomUUID());
 *       return yield* next(request);
 *     },
 *   ],
 * });
 */
export type ClientMiddleware = (
  request: ClientRequest,
  next: ClientNext,
) => AwaitableLike<ClientResponse> | Awaitable<ClientResponse> | ClientResponse;

/** @throws TypeError unless it is an array of functions */
export function checkMiddlewares(where: string, given: unknown): void {
  if (given === undefined) return;
  if (!Array.isArray(given)) {
    throw new TypeError(`${where}: middlewares must be an array, not ${describe(given)}`);
  }
  for (const one of given as unknown[]) {
    if (typeof one === 'function') continue;
    throw new TypeError(`${where}: a middleware must be a function, not ${describe(one)}`);
  }
}

/**
 * Sends a request through middlewares.
 * @param send - called after the last of them
 */
export function* throughMiddlewares(
  { loop, limits }: { loop: EventLoop; limits: RequestLimits },
  middlewares: readonly ClientMiddleware[],
  first: ClientRequest,
  send: (request: ClientRequest) => Coro<ClientResponse>,
): Coro<ClientResponse> {
  function* through(at: number, request: ClientRequest): Coro<ClientResponse> {
    if (at === middlewares.length) return yield* send(request);
    const next: ClientNext = (given = request) => {
      if (!(given instanceof OutgoingRequest)) {
        throw new TypeError(`next() takes the request of the middleware, not ${describe(given)}`);
      }
      return loop._startTask(through(at + 1, given));
    };
    const response = yield* loop._startTask(() => eitherLane(middlewares[at]!(request, next)));
    if (response instanceof ClientResponse) return response;
    throw new TypeError(`a middleware must give a ClientResponse, not ${describe(response)}`);
  }
  return yield* limits.over(loop._startTask(through(0, first)));
}

/** Makes what a user's function returned awaitable, whether it is a value, Promise or coroutine. */
export function eitherLane<T>(given: unknown): Coro<T> | PromiseLike<T> {
  const waits =
    typeof given === 'object' &&
    given !== null &&
    ('then' in given || typeof (given as Coro).next === 'function');
  return waits ? (given as Coro<T>) : already(given as T);
}

function* already<T>(value: T): Coro<T> {
  return value;
}
