/** What every listening socket does, whichever room it serves: a server of TCP, one of HTTP. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { spawnSync } from 'node:child_process';
import net from 'node:net';

import { ContextVar, createServer, Protocol, run, sleep, startServer } from 'oxbow';
import type { RunOptions, Transport } from 'oxbow';
import { ClientSession, Response, serve } from 'oxbow/http';
import type { ServeOptions } from 'oxbow/http';

import { ROOT } from '../support/root.ts';

/** A server under test, with what the tests ask of it. */
interface Made {
  port: number;
  close(): Promise<void>;
}

type Make = (port: number, options?: { reusePort?: boolean }) => Promise<Made>;

const KINDS: ReadonlyArray<[name: string, make: Make]> = [
  [
    'createServer',
    async (port, options = {}) => {
      const server = await createServer(() => new Greeter(), '127.0.0.1', port, options);
      return {
        port: server.sockets[0]!.getsockname()[1],
        async close() {
          server.close();
          server.abortClients();
          await server.waitClosed();
        },
      };
    },
  ],
  [
    'startServer',
    async (port, options = {}) => {
      const server = await startServer(
        (_reader, writer) => writer.write('hello'),
        '127.0.0.1',
        port,
        options,
      );
      return {
        port: server.sockets[0]!.getsockname()[1],
        async close() {
          server.close();
          server.abortClients();
          await server.waitClosed();
        },
      };
    },
  ],
  [
    'serve',
    async (port, options = {}) => {
      const server = await serve({ port, fetch: () => new Response('hello'), ...options });
      return {
        port: server.port,
        async close() {
          server.close();
          await server.waitClosed();
        },
      };
    },
  ],
];

class Greeter extends Protocol {
  override connectionMade(transport: Transport): void {
    transport.write('hello');
  }
}

/** A client that stays until the server has closed, so that the server's side is in TIME_WAIT. */
async function stay(port: number): Promise<{ closed: Promise<void> }> {
  const socket = net.connect(port, '127.0.0.1');
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.on('error', () => {});
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  await new Promise((resolve) => socket.once('data', resolve));
  return { closed };
}

async function errorOf(promise: PromiseLike<unknown>): Promise<any> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe.each(KINDS)('%s', (_name, make) => {
  test('a server that comes back gets the port that it had, with connections in TIME_WAIT', () =>
    run(async () => {
      const first = await make(0);
      const { port } = first;
      const { closed } = await stay(port);
      await first.close();
      await closed;
      const second = await make(port);
      expect(second.port).toBe(port);
      await second.close();
    }));

  test('reusePort: two may have one port; without it the second is refused', () =>
    run(async () => {
      const first = await make(0, { reusePort: true });
      const second = await make(first.port, { reusePort: true });
      const error = await errorOf(make(first.port));
      expect(error).toMatchObject({ code: 'EADDRINUSE', syscall: 'listen' });
      await first.close();
      await second.close();
    }));

  test('an error says which address it is about', () =>
    run(async () => {
      const first = await make(0);
      const { port } = first;
      const error = await errorOf(make(port));
      expect(error).toMatchObject({
        code: 'EADDRINUSE',
        address: '127.0.0.1',
        port,
        message: `listen EADDRINUSE 127.0.0.1:${port}`,
      });
      await first.close();
    }));
});

const NO_DESCRIPTORS = (make: string): string => `
import net from 'node:net';
import { openSync, closeSync } from 'node:fs';
import { createServer, getRunningLoop, Protocol, run } from 'oxbow';
import { Response, serve } from 'oxbow/http';

await run(function* () {
  const loop = getRunningLoop();
  const reported = loop.createFuture();
  loop.setExceptionHandler((_loop, context) => {
    if (!reported.done()) reported.setResult(context.exception);
  });
  const server = yield* ${make};
  const port = server.port ?? server.sockets[0].getsockname()[1];
  const taken = [];
  try {
    for (;;) taken.push(openSync('/dev/null'));
  } catch {}
  // The few that are left go to the clients, which connect before the loop turns.
  for (let left = 0; left < 3; left++) closeSync(taken.pop());
  const clients = Array.from({ length: 8 }, () => net.connect(port, '127.0.0.1'));
  for (const client of clients) client.on('error', () => {});
  const error = yield* reported;
  const before = loop.metrics().timers;
  server.close();
  const after = loop.metrics().timers;
  for (const descriptor of taken) closeSync(descriptor);
  for (const client of clients) client.destroy();
  const { code, syscall, address } = error;
  console.log(JSON.stringify({
    code, syscall, address, samePort: error.port === port, dropped: before - after,
  }));
});
`;

test.each([
  ['createServer', "createServer(() => new Protocol(), '127.0.0.1', 0)"],
  ['serve', "serve({ fetch: () => new Response('hello') })"],
])('%s: what tries again after EMFILE ends with the server', (_name, make) => {
  const child = spawnSync(
    'sh',
    [
      '-c',
      'ulimit -n 256 && exec "$0" --input-type=module -e "$1"',
      process.execPath,
      NO_DESCRIPTORS(make),
    ],
    { cwd: ROOT, encoding: 'utf8', timeout: 20_000 },
  );
  expect(child.stderr).toBe('');
  expect(JSON.parse(child.stdout)).toEqual({
    code: 'EMFILE',
    syscall: 'accept',
    address: '127.0.0.1',
    samePort: true,
    dropped: 1,
  });
});

const user = new ContextVar<string>('user', { default: 'nobody' });
const store = new AsyncLocalStorage<string>();
const seen = (): string => `${user.get()} ${store.getStore() ?? 'no store'}`;

/** Handlers of every kind; each tells what it saw at its start and after it has waited. */
const ROUTES: NonNullable<ServeOptions['routes']> = {
  '/plain': () => {
    const answer = new Response(seen());
    user.set('somebody else');
    return answer;
  },
  *'/generator'() {
    const first = seen();
    yield* sleep(0);
    const answer = new Response(`${first}, ${seen()}`);
    user.set('somebody else');
    return answer;
  },
  async '/async'() {
    const first = seen();
    await sleep(0);
    await new Promise(setImmediate);
    const answer = new Response(`${first}, ${seen()}`);
    user.set('somebody else');
    return answer;
  },
};

describe.each<[name: string, options: RunOptions]>([
  ['by default', {}],
  ['asyncLocalStorage: true', { asyncLocalStorage: true }],
])('%s', (_name, options) => {
  test('handlers of HTTP begin with the context of whoever made the server', async () => {
    const answers: string[] = [];
    await run(async () => {
      user.set('ada');
      const server = await store.run('kept', () =>
        serve({
          routes: ROUTES,
          fetch: () => {
            throw new Error('a path that is not there');
          },
        }),
      );
      user.set('whoever is last');
      const session = new ClientSession();
      for (const path of ['/plain', '/generator', '/async', '/plain', '/generator', '/async']) {
        const response = await session.get(new URL(path, server.url));
        answers.push(await response.text());
      }
      await session.close();
      server.close();
    }, options);
    const parts = answers.flatMap((answer) => answer.split(', '));
    // Without the option Node itself decides whether a store goes along.
    const known = options.asyncLocalStorage ? parts : parts.map((part) => part.split(' ')[0]);
    const expected = options.asyncLocalStorage ? 'ada kept' : 'ada';
    expect(new Set(known)).toEqual(new Set([expected]));
  });

  test('pipelined requests do not see what the one before them has set', async () => {
    let text = '';
    await run(async () => {
      user.set('ada');
      const server = await serve({ routes: ROUTES });
      const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`;
      const socket = net.connect(server.port, '127.0.0.1');
      socket.write(get('/async') + get('/plain') + get('/generator') + get('/plain'));
      await new Promise<void>((resolve) =>
        socket.on('data', (data) => {
          text += data.toString();
          if (text.split('HTTP/1.1 200').length === 5) resolve();
        }),
      );
      socket.destroy();
      server.close();
    }, options);
    expect(text).not.toContain('somebody');
    expect(text.match(/\bada\b/g)).toHaveLength(6);
  });

  test('protocols and stream handlers run with it, too', async () => {
    const told: string[] = [];
    class Witness extends Protocol {
      override connectionMade(): void {
        told.push(user.get());
        user.set('somebody else');
      }
      override dataReceived(): void {
        told.push(user.get());
      }
    }
    await run(async () => {
      user.set('ada');
      const servers = [
        await createServer(() => new Witness(), '127.0.0.1', 0),
        await startServer(
          async (reader) => {
            told.push(user.get());
            await reader.read(1);
            told.push(user.get());
            user.set('somebody else');
          },
          '127.0.0.1',
          0,
        ),
      ];
      user.set('whoever is last');
      for (const [index, server] of servers.entries()) {
        const socket = net.connect(server.sockets[0]!.getsockname()[1], '127.0.0.1');
        socket.write('a');
        while (told.length < 2 * (index + 1)) await sleep(0);
        socket.destroy();
        server.close();
        server.abortClients();
      }
    }, options);
    expect(told).toEqual(['ada', 'ada', 'ada', 'ada']);
  });
});
