import type { Future } from '../../core/future/future.ts';
import { Request } from './request.ts';
import { Response } from './response.ts';
import type { HandlerResult } from './serve-options.ts';
/** Goes on to what is inside, and gives its response, or throws its error. It is called once. */
export type Next = (request?: Request) => Future<Response>;
/**
 * Stands around handlers: it may look at the request, answer itself, or call `next` and look at the
 * response, which is its own and may be changed. A plain, a `function*` or an `async` function.
 *
 * @example
 * function* timed(request: Request, next: Next) {
 *   const start = performance.now();
 *   const response = yield* next();
 *   response.headers.set('server-timing', `app;dur=${performance.now() - start}`);
 *   return response;
 * }
 */
export type Middleware = (request: Request, next: Next) => HandlerResult;
