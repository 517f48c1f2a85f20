/** Routes that are neither a response, a handler nor an object of methods. */
import type { Exchange } from './exchange.ts';
import type { Request } from './request.ts';
import { Response } from './response.ts';
import type { HandlerResult } from './serve-options.ts';
import type { HttpServer } from './server.ts';

/**
 * A special kind of route, such as a folder of files or a WebSocket. Its `_handle` is called inside
 * the same middleware as a handler, and its result is treated alike.
 */
export abstract class RouteKind {
  /** The methods that it handles; others get a 405. GET includes HEAD. */
  abstract readonly _methods: readonly string[];

  /** Whether it also handles every path below its own: `/files/a/b` for `/files`. */
  get _below(): boolean {
    return false;
  }

  /**
   * @param rest - the part of the path matched by the route's `*`, or below its path (see
   * `_below`), as sent and without the leading slash; else ''
   */
  abstract _handle(request: Request, server: HttpServer, rest: string): HandlerResult;
}

/**
 * A response that takes over the exchange instead of being written: when it is sent, after all
 * middleware, `_act` is called with the exchange, and must call `connection._finish` at the end. If
 * the client is gone by then, it is dropped.
 */
export abstract class ActingResponse extends Response {
  /** @throws only before anything was written: the error is handled like one of the handler */
  abstract _act(exchange: Exchange): void;
}
