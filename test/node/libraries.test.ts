// Libraries that know nothing of us, on transports of ours, with real servers.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Redis } from 'ioredis';
import {
  type Coro,
  createConnection,
  createUnixConnection,
  promise,
  Protocol,
  run,
  sleep,
  type Transport,
} from 'oxbow';
import { serve } from 'oxbow/http';
import { toNodeStream } from 'oxbow/node';
import pg from 'pg';
import { Client } from 'undici';
import { WebSocket, WebSocketServer } from 'ws';

import { commands, type Lack, namedUser, testWith } from '../support/needs.ts';

const factory = (): Protocol => new Protocol();

/** A folder of nobody's, since PostgreSQL will not be run by root. */
const isRoot = process.getuid!() === 0;
const someone = isRoot ? { uid: 65534, gid: 65534 } : {};

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ox-'));
  if (isRoot) chownSync(folder, 65534, 65534);
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a server until the body is done. */
async function beside(
  [program, ...args]: [string, ...string[]],
  folder: string,
  body: () => Promise<void>,
): Promise<void> {
  const child = spawn(program, args, { ...someone, cwd: folder, stdio: 'ignore' });
  const gone = once(child, 'exit');
  try {
    await body();
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
}

/** Connects as soon as the server is there: how long it takes to start is its own affair. */
function* connected(path: string): Coro<Transport> {
  for (;;) {
    try {
      return (yield* createUnixConnection(factory, path))[0];
    } catch {
      yield* sleep(0.02);
    }
  }
}

/** Where Debian has the programs of PostgreSQL. */
function postgresPrograms(): string | undefined {
  const all = '/usr/lib/postgresql';
  const versions = existsSync(all) ? readdirSync(all) : [];
  return versions
    .map((version) => join(all, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
}

const bin = postgresPrograms();
const noPostgres: Lack = bin === undefined ? 'PostgreSQL is not installed' : undefined;

testWith(noPostgres, namedUser())(
  'pg talks to PostgreSQL',
  () =>
    inFolder(async (folder) => {
      const data = join(folder, 'data');
      const init = [
        '-D',
        data,
        '-U',
        'tester',
        '-A',
        'trust',
        '--no-sync',
        '--no-locale',
        '-E',
        'UTF8',
      ];
      const made = spawnSync(join(bin!, 'initdb'), init, {
        ...someone,
        cwd: folder,
        encoding: 'utf8',
      });
      expect(made.stderr + made.status).toMatch(/0$/);
      const program = [join(bin!, 'postgres'), '-D', data, '-k', folder, '-h', '', '-F'] as const;
      await beside([...program], folder, () =>
        run(function* () {
          const path = join(folder, '.s.PGSQL.5432');
          const rows = yield* asked(path);
          expect(rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
        }),
      );
    }),
  // To make a database takes a second or two of a machine that has nothing else to do.
  180_000,
);

/** While it starts, PostgreSQL refuses connections: so ask again. */
function* asked(path: string): Coro<unknown[]> {
  for (;;) {
    const transport = yield* connected(path);
    const client = new pg.Client({
      user: 'tester',
      database: 'postgres',
      stream: () => toNodeStream(transport),
    } as pg.ClientConfig);
    try {
      yield* promise(client.connect());
    } catch (error) {
      if ((error as { code?: string }).code !== '57P03') throw error;
      yield* sleep(0.02);
      continue;
    }
    const { rows } = yield* promise(
      client.query('select n from generate_series(1, $1::int) n', [3]),
    );
    const big = yield* promise(client.query("select repeat('x', 3000000) as text"));
    expect((big.rows[0] as { text: string }).text.length).toBe(3_000_000);
    yield* promise(client.end());
    return rows;
  }
}

testWith(commands('redis-server'))(
  'ioredis talks to redis-server',
  () =>
    inFolder(async (folder) => {
      const path = join(folder, 'redis');
      const program = ['redis-server', '--port', '0', '--unixsocket', path, '--save', ''] as const;
      await beside([...program], folder, () =>
        run(function* () {
          const transport = yield* connected(path);
          class Connector {
            firstError?: Error;
            async connect(): Promise<unknown> {
              return toNodeStream(transport);
            }
            disconnect(): void {
              transport.close();
            }
            check(): boolean {
              return true;
            }
          }
          const redis = new Redis({ Connector: Connector as never, lazyConnect: true });
          yield* promise(redis.connect());
          const value = 'value '.repeat(100_000);
          expect(yield* promise(redis.set('key', value))).toBe('OK');
          expect((yield* promise(redis.get('key'))) === value).toBe(true);
          const counts = redis.pipeline();
          for (let n = 0; n < 100; n++) counts.incr('count');
          const results = yield* promise(counts.exec());
          expect(results!.at(-1)).toEqual([null, 100]);
          yield* promise(redis.quit());
        }),
      );
    }),
  90_000,
);

test('ws speaks over it to its own server', () =>
  run(function* () {
    const http = createServer();
    const sockets = new WebSocketServer({ server: http });
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
    http.listen(0, '127.0.0.1');
    yield* promise(once(http, 'listening'));
    const { port } = http.address() as AddressInfo;
    const [transport] = yield* createConnection(factory, '127.0.0.1', port);
    const client = new WebSocket(`ws://127.0.0.1:${port}/`, {
      createConnection: (() => toNodeStream(transport)) as never,
    });
    yield* promise(once(client, 'open'));
    const much = Buffer.alloc(2_000_000, 'frame');
    client.send(much);
    const [data] = (yield* promise(once(client, 'message'))) as [Buffer];
    expect(data.equals(much)).toBe(true);
    client.close();
    yield* promise(once(client, 'close'));
    sockets.close();
    http.close();
  }));

test('undici asks our server through a connector of ours', () =>
  run(function* () {
    const server = yield* serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: (request) => new Response(`asked for ${request.path}`),
    });
    const { port } = server;
    const [transport] = yield* createConnection(factory, '127.0.0.1', port!);
    const client = new Client(`http://127.0.0.1:${port}`, {
      connect: (_options, done) => done(null, toNodeStream(transport) as never),
    });
    for (const path of ['/one', '/two']) {
      const { statusCode, body } = yield* promise(client.request({ path, method: 'GET' }));
      expect([statusCode, yield* promise(body.text())]).toEqual([200, `asked for ${path}`]);
    }
    yield* promise(client.close());
    yield* server.shutdown({ timeout: 1 });
  }));
