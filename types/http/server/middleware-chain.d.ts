import type { Future } from '../../core/future/future.ts';
import { Request } from './request.ts';
import { Response } from './response.ts';
import type { HandlerResult } from './serve-options.ts';
/**
 * Calls the next middleware or the handler. The future has its response, or fails with its error.
 * Cancelling it cancels that call.
 * @throws RuntimeError when it was already called for this request; TypeError for anything but a
 * request
 */
export type Next = (request?: Request) => Future<Response>;
/**
 * A function around handlers. It may inspect the request, respond itself, or call `next` and use or
 * change the response, which is never shared with other requests. A plain, a `function*` or an
 * `async` function.
 * @example
 * function* timed(request: Request, next: Next) {
 *   const start = performance.now();
 *   const response = yield* next();
 *   response.headers.set('server-timing', `app;dur=${performance.now() - start}`);
 *   return response;
 * }
 */
export type Middleware = (request: Request, next: Next) => HandlerResult;
