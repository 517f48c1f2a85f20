import type { Awaitable, AwaitableLike } from '../../core/support/types.ts';
import type { Task } from '../../core/task/task.ts';
import { OutgoingRequest } from './request.ts';
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
export type ClientMiddleware = (request: ClientRequest, next: ClientNext) => AwaitableLike<ClientResponse> | Awaitable<ClientResponse> | ClientResponse;
