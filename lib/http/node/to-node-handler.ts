/** Applications that are written for `node:http`, on our server. */
import { describe } from '../../core/support/describe.ts';
import { checkOptions } from '../../core/support/options.ts';
import { HEAD_UPGRADE } from '../../native/layout.ts';
import type { Exchange } from '../server/exchange.ts';
import type { Request } from '../server/request.ts';
import type { Response } from '../server/response.ts';
import { ActingResponse } from '../server/route-kind.ts';
import { NodeExchange } from './node-exchange.ts';
import type { NodeListener } from './node-exchange.ts';
import { upgradeThrough } from './node-upgrade.ts';
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
export function toNodeHandler(
  application: NodeListener | NodeServer,
  options: NodeHandlerOptions = {},
): (request: Request) => Response {
  checkOptions('toNodeHandler()', options, ['upgrade']);
  const { upgrade } = options;
  if (upgrade !== undefined && typeof upgrade !== 'function') {
    throw new TypeError(`toNodeHandler(): upgrade must be a function, not ${describe(upgrade)}`);
  }
  const listeners =
    typeof application === 'function'
      ? { request: application, upgrade: () => upgrade ?? null }
      : listenersOf(application, upgrade ?? null);
  return () => new NodeAnswer(listeners);
}

interface Listeners {
  readonly request: NodeListener;
  /** Who takes requests to leave HTTP, at this moment. */
  upgrade(): NodeUpgradeListener | null;
}

function listenersOf(server: NodeServer, upgrade: NodeUpgradeListener | null): Listeners {
  if (typeof server?.emit !== 'function' || typeof server.listenerCount !== 'function') {
    throw new TypeError(
      `toNodeHandler(): a function or a server of node:http was expected, not ${describe(server)}`,
    );
  }
  const emitted: NodeUpgradeListener = (...args) => server.emit('upgrade', ...args);
  return {
    request: (request, response) => void server.emit('request', request, response),
    upgrade: () => upgrade ?? (server.listenerCount('upgrade') > 0 ? emitted : null),
  };
}

class NodeAnswer extends ActingResponse {
  readonly #listeners: Listeners;

  constructor(listeners: Listeners) {
    super();
    this.#listeners = listeners;
  }

  _act(exchange: Exchange): void {
    const http = process.getBuiltinModule('node:http');
    const { _request: request } = exchange;
    const asks = (request._flags & HEAD_UPGRADE) !== 0 && request._body === null;
    const upgrade = asks ? this.#listeners.upgrade() : null;
    if (upgrade !== null) upgradeThrough(http, exchange, upgrade);
    else new NodeExchange(http, exchange).call(this.#listeners.request);
  }
}
