// What a route can be besides a response or a handler, and responses that are done, not written:
// the classes below `staticFiles`, `websocket` and `toNodeHandler`.
import { getRunningLoop, sleep } from 'oxbow';
import { compression, Response, staticFiles, toNodeHandler } from 'oxbow/http';
import type { HttpServer, Request, RouteKind } from 'oxbow/http';
import { routesOf } from 'oxbow/testing';

import { ask, conversation, Peer, withServer } from './serve-support.ts';

// They are not exported: nothing else may depend on what they are like.
const Kind = Object.getPrototypeOf(staticFiles('.').constructor) as new () => RouteKind;
const Acting = Object.getPrototypeOf(
  toNodeHandler(() => {})(null as never).constructor,
) as new () => Response;

class Shown extends Kind {
  readonly _methods = ['GET', 'PUT'];
  override get _below(): boolean {
    return true;
  }
  _handle(request: Request, _server: HttpServer, rest: string): Response {
    return Response.json([request.method, rest]);
  }
}

class Alone extends Kind {
  readonly _methods = ['GET'];
  _handle(_request: Request, _server: HttpServer, rest: string): Response {
    return new Response(`alone ${rest}`);
  }
}

describe('a kind of route', () => {
  const routes = { '/all': new Shown(), '/one': new Alone(), '/rest/*': new Alone() };

  test('answers below its path where it says so, with what stands there as it was sent', () =>
    withServer({ routes }, async (server) => {
      const texts = ['/all', '/all/', '/all/a%2Fb/../c', '/rest/x/y', '/one'].map(async (path) => {
        const text = `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
        return (await conversation(server.port, text)).split('\r\n\r\n')[1];
      });
      expect(await Promise.all(texts)).toEqual([
        '["GET",""]',
        '["GET",""]',
        '["GET","a%2Fb/../c"]',
        'alone x/y',
        'alone ',
      ]);
      expect((await ask(server, '/one/below')).status).toBe(404);
    }));

  test('has its methods, HEAD where GET is, and 405 for the others', () =>
    withServer({ routes }, async (server) => {
      expect((await ask(server, '/all/x', { method: 'PUT' })).text).toBe('["PUT","x"]');
      expect(await ask(server, '/all', { method: 'HEAD' })).toMatchObject({
        status: 200,
        text: '',
      });
      const refused = await ask(server, '/all', { method: 'DELETE' });
      expect(refused).toMatchObject({ status: 405, headers: { allow: 'GET, PUT, HEAD' } });
      expect(routesOf({ routes })).toEqual([
        'GET /all',
        'PUT /all',
        'GET /all/*',
        'PUT /all/*',
        'GET /one',
        'GET /rest/*',
      ]);
    }));
});

describe('a response that acts', () => {
  class Act extends Acting {
    readonly #act: (exchange: any) => void;
    constructor(act: (exchange: any) => void) {
      super();
      this.#act = act;
    }
    _act(exchange: any): void {
      this.#act(exchange);
    }
  }
  const write = (exchange: any, text: string): void => {
    exchange._answered = true;
    exchange._connection._writeLatin1(
      `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
    );
    exchange._connection._finish(exchange);
    exchange._connection._advance();
  };

  test('gets the exchange in its turn, after all middleware, and says when it is finished', () => {
    const order: string[] = [];
    return withServer(
      {
        middleware: [
          compression({ threshold: 0 }),
          async (_request, next) => {
            const response = await next();
            order.push('middleware');
            return response;
          },
        ],
        async fetch(request) {
          if (request.path === '/slow') await sleep(0.01);
          return new Act((exchange) => {
            order.push(request.path);
            write(exchange, request.path);
          });
        },
      },
      async (server) => {
        const both = ['/slow', '/fast'].map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
        const peer = new Peer(server.port);
        await peer.send(both.join(''));
        const all = await peer.until((text) => text.endsWith('/fast'));
        expect(all.match(/\/(?:slow|fast)/g)).toEqual(['/slow', '/fast']);
        expect(order).toEqual(['middleware', '/slow', 'middleware', '/fast']);
        expect(server.pending).toBe(0);
        peer.close();
      },
    );
  });

  test("its error is a handler's before it has answered, and ends the connection after", () =>
    withServer(
      {
        fetch: (request) =>
          new Act((exchange) => {
            if (request.path === '/late') {
              exchange._answered = true;
              exchange._connection._writeLatin1('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab');
            }
            throw new Error('broken');
          }),
        error: (error) => new Response((error as Error).message, { status: 500 }),
      },
      async (server) => {
        getRunningLoop().setExceptionHandler(() => {});
        expect(await ask(server, '/early')).toMatchObject({ status: 500, text: 'broken' });
        const late = await conversation(server.port, 'GET /late HTTP/1.1\r\nHost: a\r\n\r\n');
        expect(late).not.toMatch(/broken/);
        expect(server.pending).toBe(0);
      },
    ));

  test('is dropped when its client has gone before its turn', async () => {
    let acted = 0;
    await withServer(
      {
        async fetch(request) {
          await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
          return new Act(() => void acted++);
        },
      },
      async (server) => {
        const peer = new Peer(server.port);
        await peer.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
        while (server.pending === 0) await sleep(0.001);
        peer.socket.resetAndDestroy();
        while (server.pending > 0) await sleep(0.001);
      },
    );
    expect(acted).toBe(0);
  });
});
