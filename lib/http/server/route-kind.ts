/** What a route can be besides a response, a handler or an object of methods. */
import type { Exchange } from './exchange.ts';
import type { Request } from './request.ts';
import { Response } from './response.ts';
import type { HandlerResult } from './serve-options.ts';
import type { HttpServer } from './server.ts';

/**
 * Something that answers requests in a way of its own: a folder of files, a WebSocket. What it is
 * called with and what it returns goes through the same middleware and ends as a handler's does.
 */
export abstract class RouteKind {
  /** The methods that it answers; the others get a 405. HEAD is asked for where GET is. */
  abstract readonly _methods: readonly string[];

  /** Whether it answers for every path below its own, too: `/files` for `/files/a/b`. */
  get _below(): boolean {
    return false;
  }

  /**
   * @param rest - what of the path stands after the route's `*`, or below a route that answers for
   * what is below it, as it was sent, without the slash before it; else ''
   */
  abstract _handle(request: Request, server: HttpServer, rest: string): HandlerResult;
}

/**
 * A response that is not written but done: when its turn comes, after all middleware, it gets the
 * exchange, with the connection, and says itself when that is finished (`connection._finish`). One
 * whose client is gone by then is dropped.
 */
export abstract class ActingResponse extends Response {
  /**
   * @throws before anything was written only: the error is answered as one of the handler is
   */
  abstract _act(exchange: Exchange): void;
}
