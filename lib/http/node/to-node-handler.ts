/** Applications that are written for `node:http`, on our server. */
import { describe } from '../message/outgoing-body.ts';
import type { Exchange } from '../server/exchange.ts';
import type { Request } from '../server/request.ts';
import type { Response } from '../server/response.ts';
import { ActingResponse } from '../server/route-kind.ts';
import { NodeExchange } from './node-exchange.ts';
import type { NodeListener } from './node-exchange.ts';

/**
 * A handler of `serve` that answers with what is written for `node:http`: an application of Express
 * or connect, `app.callback()` of koa, `app.routing` of Fastify, or any `(request, response) => …`.
 *
 * It gets Node's own IncomingMessage and ServerResponse, with all that they do and emit; the socket
 * below them is a connection of ours, which has addresses, `encrypted`, `setTimeout` and
 * `destroy`, and is no `net.Socket`. There are no events `upgrade`, `connect` and `checkContinue`:
 * a client that waits for 100 Continue gets it at once. Middleware of ours may stand before it, but
 * does not see its response. Needs Node's event loop, so not a loop that owns its thread.
 *
 * @throws TypeError when it is no function
 * @example
 * const app = express();
 * app.get('/', (request, response) => response.send('hello'));
 * const server = yield* serve({ fetch: toNodeHandler(app) });
 */
export function toNodeHandler(listener: NodeListener): (request: Request) => Response {
  if (typeof listener !== 'function') {
    throw new TypeError(`toNodeHandler(): a function was expected, not ${describe(listener)}`);
  }
  return () => new NodeAnswer(listener);
}

class NodeAnswer extends ActingResponse {
  readonly #listener: NodeListener;

  constructor(listener: NodeListener) {
    super();
    this.#listener = listener;
  }

  _act(exchange: Exchange): void {
    const http = process.getBuiltinModule('node:http');
    new NodeExchange(http, exchange).call(this.#listener);
  }
}
