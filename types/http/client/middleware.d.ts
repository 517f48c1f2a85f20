import type { Awaitable, AwaitableLike } from '../../core/support/types.ts';
import type { Task } from '../../core/task/task.ts';
import { OutgoingRequest } from './request.ts';
import { ClientResponse } from './response.ts';
/** A request as middlewares see it: one hop, with cookies of the jar still to come. */
export type ClientRequest = OutgoingRequest;
/** Sends a request further; it may be called several times, or not at all. */
export type ClientNext = (request?: ClientRequest) => Task<ClientResponse>;
/**
 * Gets each request, also each that a redirection leads to, and gives the response: that of
 * `next(request)`, in either lane, or another. It may change the headers before, look at the
 * response after, and send it again, also another one (`request.withHeaders(…)`). A response that
 * it does not pass on it releases.
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
