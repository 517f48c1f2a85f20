import type { Request } from '../server/request.ts';
import type { Response } from '../server/response.ts';
import type { NodeListener } from './node-exchange.ts';
import type { NodeUpgradeListener } from './node-upgrade.ts';
/** What has the listeners of an application: a server of `node:http` that need not listen. */
export interface NodeServer {
    emit(event: string, ...args: any[]): boolean;
    listenerCount(event: string): number;
}
/** What `toNodeHandler` takes besides. */
export interface NodeHandlerOptions {
    /**
     * Called for a request that asks to leave HTTP, as the event `upgrade` is. Without it, and
     * without a listener of that event, such a request is answered like any other.
     */
    upgrade?: NodeUpgradeListener;
}
/**
 * A handler of `serve` that answers with what is written for `node:http`: an application of Express
 * or connect, `app.callback()` of koa, `app.routing` of Fastify, any `(request, response) => …`, or
 * a server of `http.createServer` that does not listen, whose events `request` and `upgrade` are
 * emitted: what is attached to it (`new WebSocketServer({ server })` of `ws`) serves here.
 *
 * It gets Node's own IncomingMessage and ServerResponse, with all that they do and emit; the socket
 * below them is a connection of ours, which has addresses, `encrypted`, `setTimeout` and
 * `destroy`, and is no `net.Socket`. What is called for `upgrade` gets the connection as a Duplex,
 * which is its to end; a shutdown of the server waits for that as for a request. There are no
 * events `connect` and `checkContinue`: a client that waits for 100 Continue gets it at once.
 * Middleware of ours may stand before it, but does not see its response. Needs Node's event loop,
 * so not a loop that owns its thread.
 *
 * @throws TypeError when it is neither a function nor a server
 * @example
 * const app = express();
 * app.get('/', (request, response) => response.send('hello'));
 * const server = yield* serve({ fetch: toNodeHandler(app) });
 */
export declare function toNodeHandler(application: NodeListener | NodeServer, options?: NodeHandlerOptions): (request: Request) => Response;
