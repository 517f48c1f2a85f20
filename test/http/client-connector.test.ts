// Connector: connections that several sessions share, and from where they are made.
import { gather, getRunningLoop, run, sleep, Socket } from 'oxbow';
import { ClientSession, Connector, Response, serve } from 'oxbow/http';
import type { SocketFactory, SocketPlace } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';
import { withNode } from './client-support.ts';

const failure = (awaitable: PromiseLike<unknown>): Promise<any> =>
  Promise.resolve(awaitable).then(
    () => undefined,
    (error) => error,
  );

test('sessions share connections and their limit, and nothing else', () =>
  runVirtual(async () => {
    let most = 0;
    let active = 0;
    const server = await serve({
      routes: {
        '/': async () => {
          most = Math.max(most, ++active);
          await sleep(1);
          active -= 1;
          return new Response('ok');
        },
        '/login': new Response('', { headers: { 'set-cookie': 'a=1' } }),
        '/cookie': (request) => new Response(request.headers.get('cookie') ?? '-'),
        '/slow': async () => {
          await sleep('1h');
          return new Response('');
        },
      },
    });
    const connector = new Connector({ limit: 2 });
    const options = { connector, baseUrl: server.url };
    const sessions = [new ClientSession(options), new ClientSession(options)] as const;
    const text = async (session: ClientSession, path: string): Promise<string> =>
      (await session.get(path)).text();
    const six = [0, 1, 2, 3, 4, 5].map((n) => text(sessions[n % 2]!, '/'));
    expect(await Promise.all(six)).toEqual(Array(6).fill('ok'));
    expect([most, connector.connections]).toEqual([2, 2]);
    await text(sessions[0], '/login');
    expect(await gather(sessions.map((session) => session.get('/cookie')))).toHaveLength(2);
    expect(await text(sessions[1], '/cookie')).toBe('-');

    await sessions[0].close();
    expect([sessions[0].closed, sessions[1].closed, connector.closed]).toEqual([
      true,
      false,
      false,
    ]);
    expect(connector.connections).toBe(2);
    for (const refused of [
      sessions[0].get('/'),
      sessions[0].websocket('/'),
      sessions[0].post('/'),
    ]) {
      expect(String(await failure(refused))).toBe('RuntimeError: Session is closed');
    }
    expect(await text(sessions[1], '/')).toBe('ok');

    const slow = sessions[1].get('/slow');
    await sleep(1);
    await connector.close();
    expect((await failure(slow)).message).toBe('the session was closed');
    expect([connector.connections, sessions[1].closed]).toEqual([0, true]);
    expect(String(await failure(sessions[1].get('/')))).toBe('RuntimeError: Session is closed');
    expect(String(connector)).toBe('<Connector closed>');
    server.close();
  }));

test('localAddr, family and resolver', () =>
  withNode(
    (request, response) => response.end(request.socket.remoteAddress),
    async (url) => {
      const asked: number[] = [];
      const { port } = new URL(url);
      await using session = new ClientSession({
        localAddr: ['127.0.0.1', '::1'],
        family: 4,
        happyEyeballsDelay: '10ms',
        resolver: {
          resolve(_host, family) {
            asked.push(family);
            return [{ address: '127.0.0.1', family: 4 }];
          },
        },
      });
      expect(await (await session.get(`http://name.test:${port}/`)).text()).toBe('127.0.0.1');
      expect(asked).toEqual([4]);
      // Only addresses of a family of ours.
      await using six = new ClientSession({ localAddr: '::1' });
      const error = await failure(six.get(url));
      expect([error.name, error.port]).toEqual(['ClientConnectorError', Number(port)]);
      expect(error.message).toMatch(/no matching local address with family IPv4/);
    },
  ));

test('socketFactory: sockets with options of their own, in each lane, and such as are connected', () =>
  withNode(
    (request, response) => response.end(request.socket.remoteAddress),
    async (url) => {
      const port = Number(new URL(url).port);
      const places: SocketPlace[] = [];
      const bound = ({ family }: SocketPlace): Socket => {
        const socket = new Socket({ family });
        socket.bind(['127.0.0.3', 0]);
        return socket;
      };
      const loop = getRunningLoop();
      const kinds: SocketFactory[] = [
        (place) => {
          places.push(place);
          return bound(place);
        },
        async (place) => {
          await sleep(0);
          return bound(place);
        },
        function* (place) {
          yield* sleep(0);
          return bound(place);
        },
        async (place) => {
          const socket = bound(place);
          await loop.sockConnect(socket, [place.address, place.port]);
          return socket;
        },
      ];
      for (const socketFactory of kinds) {
        await using session = new ClientSession({ socketFactory, family: 4 });
        for (let n = 0; n < 2; n++) {
          const response = await session.get(`http://localhost:${port}/`);
          expect(await response.text()).toBe('127.0.0.3');
        }
      }
      // Of two requests one after the other the second goes over the same connection.
      expect(places).toEqual([{ host: 'localhost', address: '127.0.0.1', port, family: 4 }]);
    },
  ));

test('socketFactory: the next address where one fails, limits, and sockets left over', () =>
  withNode(
    (_request, response) => response.end('there'),
    async (url) => {
      const port = Number(new URL(url).port);
      const made: Socket[] = [];
      const tried: string[] = [];
      const resolver = {
        resolve: () =>
          ['127.0.0.7', '127.0.0.8', '127.0.0.1'].map((address) => ({
            address,
            family: 4 as const,
          })),
      };
      const socketFactory: SocketFactory = async ({ address, family }) => {
        tried.push(address);
        if (address === '127.0.0.7') throw new Error('none for this one');
        const socket = new Socket({ family });
        made.push(socket);
        // This one takes for ever, so the one after it joins.
        if (address === '127.0.0.8') await new Promise(() => {});
        return socket;
      };
      await using session = new ClientSession({
        resolver,
        socketFactory,
        happyEyeballsDelay: '5ms',
        limits: { headSize: 8192 },
      });
      expect(await (await session.get(`http://name.test:${port}/`)).text()).toBe('there');
      expect(tried).toEqual(['127.0.0.7', '127.0.0.8', '127.0.0.1']);
      // It is the connection's now.
      expect(made[1]!.fileno()).toBe(-1);
      made[0]!.close();
      for (const [factory, message] of [
        [() => 5, /a Socket was expected, not 5/],
        [() => new Socket({ type: 'datagram' }), /a stream socket was expected/],
        [() => Promise.reject(new Error('no more')), /no more/],
      ] as [SocketFactory, RegExp][]) {
        await using wrong = new ClientSession({ socketFactory: factory });
        const error = await failure(wrong.get(url));
        expect([error.name, String(error.cause)]).toEqual([
          'ClientConnectorError',
          expect.stringMatching(message),
        ]);
      }
      await using never = new ClientSession({
        socketFactory: () => new Promise(() => {}),
        timeout: { sockConnect: 0.01 },
      });
      expect((await failure(never.get(url))).name).toBe('ConnectionTimeoutError');
    },
  ));

test('options are checked, and a connector has one loop', async () => {
  let connector!: Connector;
  await run(async () => {
    connector = new Connector();
    for (const [options, message] of [
      [{ connector: {} }, /connector must be a Connector, not/],
      [{ connector, limit: 5 }, /limit is an option of the connector/],
      [{ connector, resolver: null }, /resolver is an option of the connector/],
      [{ localAddr: 'localhost' }, /localAddr must be a numeric address or some, not "localhost"/],
      [{ localAddr: [5] }, /localAddr must be a numeric address or some, not 5/],
      [{ family: 5 }, /family must be 0, 4 or 6, not 5/],
      [{ socketFactory: 5 }, /socketFactory must be a function, not 5/],
      [{ socketFactory: () => {}, localAddr: '::1' }, /localAddr is of sockets that no/],
      [{ happyEyeballsDelay: -1 }, /happyEyeballsDelay must be 0 or more/],
    ] as [any, RegExp][]) {
      expect(() => new ClientSession(options)).toThrow(message);
      if (options.connector === undefined) expect(() => new Connector(options)).toThrow(message);
    }
    await new ClientSession({ connector: null }).close();
  });
  expect(() => new Connector()).toThrow(/no running event loop/);
  await run(async () => {
    expect(getRunningLoop()).not.toBe(null);
    expect(() => new ClientSession({ connector })).toThrow(/this is another one/);
  });
});
