import type { Request } from '../server/request.ts';
import type { Response } from '../server/response.ts';
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
export declare function toNodeHandler(listener: NodeListener): (request: Request) => Response;
