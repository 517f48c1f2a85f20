// Where a server listens: several addresses, Unix sockets, descriptors.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run, Socket } from 'oxbow';
import { Response, serve } from 'oxbow/http';
import type { ServeOptions } from 'oxbow/http';
import { ipv6, testWith } from '../support/needs.ts';
import { ask, withServer } from './serve-support.ts';

const fetch = (): Response => new Response('hello');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oxbow-places-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function askUnix(socketPath: string): Promise<string> {
  return new Promise((resolve, reject) => {
    http
      .get({ socketPath, path: '/', agent: false }, (response) => {
        let text = '';
        response.on('data', (piece) => (text += String(piece)));
        response.on('end', () => resolve(text));
      })
      .on('error', reject);
  });
}

test('a Unix socket alone: its file comes and goes', async () => {
  const path = join(folder, 'alone');
  await withServer({ fetch, unix: path }, async (server) => {
    expect(await askUnix(path)).toBe('hello');
    expect([server.port, server.hostname, server.url]).toEqual([
      0,
      'localhost',
      'http://localhost/',
    ]);
    expect(server.sockets.map((each) => each.getsockname<string>())).toEqual([path]);
  });
  expect(existsSync(path)).toBe(false);
});

test('a Unix socket that nobody has removed is replaced, another file is not', async () => {
  const path = join(folder, 'stale');
  const stale = new Socket({ family: 'unix' });
  stale.bind(path);
  stale.close();
  await withServer({ fetch, unix: path }, async () => {
    expect(await askUnix(path)).toBe('hello');
  });
  await run(async () => {
    await expect(Promise.resolve(serve({ fetch, unix: folder }))).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});

test('a port and Unix sockets at once', async () => {
  const unix = [join(folder, 'one'), join(folder, 'two')];
  await withServer({ fetch, port: 0, unix }, async (server) => {
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/`);
    expect((await ask(server, '/')).text).toBe('hello');
    expect(await Promise.all(unix.map(askUnix))).toEqual(['hello', 'hello']);
    expect(server.sockets.length).toBe(3);
  });
  expect(unix.map((path) => existsSync(path))).toEqual([false, false]);
});

testWith(ipv6())('several addresses have one port', () =>
  withServer({ fetch, hostname: ['127.0.0.1', '::1'] }, async (server) => {
    for (const host of ['127.0.0.1', '[::1]']) {
      const answer = await globalThis.fetch(`http://${host}:${server.port}/`);
      expect(await answer.text()).toBe('hello');
    }
    expect(server.sockets.map((each) => each.family)).toEqual([4, 6]);
  }),
);

test('a descriptor is taken over, and closed with the server', async () => {
  const socket = new Socket();
  socket.setsockopt('reuseAddress', true);
  socket.bind(['127.0.0.1', 0]);
  const port = (socket.getsockname() as [string, number])[1];
  await withServer({ fetch, fd: socket.detach() }, async (server) => {
    expect([server.port, server.hostname]).toEqual([port, '127.0.0.1']);
    expect((await ask(server, '/')).text).toBe('hello');
  });
  using again = new Socket();
  again.setsockopt('reuseAddress', true);
  again.bind(['127.0.0.1', port]);
});

test('all places or none: what cannot be had leaves nothing behind', () =>
  run(async () => {
    const path = join(folder, 'none');
    const listens = new Socket();
    listens.bind(['127.0.0.1', 0]);
    const fd = listens.fileno();
    const [, port] = listens.getsockname() as [string, number];
    listens.listen();
    const tries: ServeOptions[] = [
      { fetch, unix: path, fd: 999_999 },
      { fetch, unix: path, port },
      { fetch, unix: [path, folder], fd },
    ];
    for (const options of tries) {
      await expect(Promise.resolve(serve(options))).rejects.toMatchObject({
        code: expect.stringMatching(/EBADF|EADDRINUSE/),
      });
      // The descriptor is the caller's still.
      expect(listens.getsockname()).toEqual(['127.0.0.1', port]);
    }
    listens.close();
  }));

const wrong: Array<[RegExp, unknown]> = [
  [/hostname: the list is empty/, { hostname: [] }],
  [/hostname must be a string that is not empty/, { hostname: ['127.0.0.1', ''] }],
  [/unix: path must be a string, not 5/, { unix: 5 }],
  [/unix: path is empty/, { unix: '' }],
  [/fd must be the number of a descriptor, not -1/, { fd: -1 }],
  [/fd must be the number of a descriptor, not '3'/, { fd: '3' }],
];

test.each(wrong)('refused: %s', (message, options) =>
  run(function* () {
    expect(() => serve({ fetch, ...(options as object) })).toThrow(message);
  }),
);
