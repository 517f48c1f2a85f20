// Files that a route keeps open: they are served as they are at the time, and not more of them are
// open than was said.
import fs from 'node:fs';
import type http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { sleep } from 'oxbow';
import { compression, staticFiles } from 'oxbow/http';
import type { HttpServer, StaticOptions } from 'oxbow/http';

import { ask, Peer, withServer } from './serve-support.ts';

const MIB = 2 ** 20;
let folder = '';

beforeEach(() => {
  folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'oxbow-cache-')));
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);

/** What the process has open of the folder. */
function open(): string[] {
  return fs.readdirSync('/proc/self/fd').flatMap((number) => {
    try {
      const path = fs.readlinkSync(`/proc/self/fd/${number}`);
      return path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [];
    } catch {
      return [];
    }
  });
}

/** Waits until the files of the folder have rested so long that they may be kept. */
async function rest(): Promise<void> {
  const changed = (name: string): number => fs.statSync(at(name)).ctimeMs;
  const newest = Math.max(...fs.readdirSync(folder).map(changed));
  while (Date.now() - newest < 150) await sleep(0.01);
}

function files(
  body: (server: HttpServer) => Promise<void>,
  options: StaticOptions = {},
): Promise<void> {
  return withServer({ routes: { '/*': staticFiles(folder, options) } }, body);
}

const get = (server: HttpServer, path: string, headers: http.OutgoingHttpHeaders = {}) =>
  ask(server, path, { headers });

/** Asks for a file until it is kept. */
async function keep(server: HttpServer, name: string): Promise<string> {
  await rest();
  const { text } = await get(server, `/${name}`);
  expect(open()).toContain(name);
  return text;
}

describe.each([
  ['content that is kept, too', 1000],
  ['a file that the system sends', 300_000],
])('%s', (_name, size) => {
  const old = 'o'.repeat(size);
  const young = 'y'.repeat(size);

  /** Each way in which a file becomes another one: what is sent at once, and with which status. */
  const changes: Array<[string, () => void, string, number]> = [
    ['is written to', () => fs.writeFileSync(at('file'), young), young, 200],
    ['grows', () => fs.appendFileSync(at('file'), 'more'), `${old}more`, 200],
    ['is cut', () => fs.truncateSync(at('file'), 10), old.slice(0, 10), 200],
    [
      'is replaced',
      () => {
        fs.writeFileSync(at('new'), young);
        fs.renameSync(at('new'), at('file'));
      },
      young,
      200,
    ],
    [
      'is moved away for another one',
      () => {
        fs.renameSync(at('file'), at('old'));
        fs.writeFileSync(at('file'), young);
      },
      young,
      200,
    ],
    ['is removed', () => fs.rmSync(at('file')), 'Not Found', 404],
    ['becomes a link that leads out', () => linkOut(), 'Not Found', 404],
  ];

  function linkOut(): void {
    fs.rmSync(at('file'));
    fs.symlinkSync('/etc/passwd', at('file'));
  }

  test.each(changes)('%s', (_how, change, text, status) =>
    files(async (server) => {
      fs.writeFileSync(at('file'), old);
      expect(await keep(server, 'file')).toBe(old);
      const first = await get(server, '/file');
      expect(first.text).toBe(old);
      change();
      const second = await get(server, '/file');
      expect(second).toMatchObject({ status, text });
      expect(second.headers.etag).not.toBe(first.headers.etag);
    }),
  );

  test('what a client asks for besides', () =>
    files(async (server) => {
      fs.writeFileSync(at('file'), old.replace(/^..../, '0123'));
      await keep(server, 'file');
      const { headers } = await get(server, '/file');
      const none = { 'if-none-match': headers.etag! };
      expect(await get(server, '/file', none)).toMatchObject({ status: 304, text: '' });
      const since = { 'if-modified-since': headers['last-modified']! };
      expect(await get(server, '/file', since)).toMatchObject({ status: 304 });
      expect(await get(server, '/file', { 'if-match': '"x"' })).toMatchObject({ status: 412 });
      const part = await get(server, '/file', { range: 'bytes=1-2' });
      expect(part).toMatchObject({ status: 206, text: '12' });
      expect(part.headers['content-range']).toBe(`bytes 1-2/${size}`);
      const parts = await get(server, '/file', { range: 'bytes=0-0,2-3' });
      expect(parts.text).toMatch(/\r\n\r\n0\r\n[^]*\r\n\r\n23\r\n/);
      expect(await get(server, '/file', { range: 'bytes=900000-' })).toMatchObject({ status: 416 });
      const head = await ask(server, '/file', { method: 'HEAD' });
      expect(head).toMatchObject({ status: 200, text: '' });
      expect(head.headers).toEqual({ ...headers, date: head.headers.date });
      // None of these has left anything of itself in what is kept.
      expect((await get(server, '/file')).headers).toEqual({
        ...headers,
        date: expect.any(String),
      });
      while (open().length !== 1) await sleep(0.001);
    }));
});

test('a file that has just changed is not kept', () =>
  files(async (server) => {
    for (let n = 0; n < 20; n++) {
      // Of the same length, and within a tick of the file system's clock, perhaps.
      fs.writeFileSync(at('file'), `version ${10 + n}`);
      expect((await get(server, '/file')).text).toBe(`version ${10 + n}`);
    }
  }));

test('a folder that leads elsewhere is seen within a second', () =>
  files(async (server) => {
    for (const release of ['one', 'two']) {
      fs.mkdirSync(at(release));
      fs.writeFileSync(at(`${release}/file`), release);
    }
    fs.symlinkSync('one', at('current'));
    await rest();
    while (Date.now() - fs.statSync(at('one/file')).ctimeMs < 150) await sleep(0.01);
    expect((await get(server, '/current/file')).text).toBe('one');
    const switched = performance.now();
    fs.symlinkSync('two', at('next'));
    fs.renameSync(at('next'), at('current'));
    let text = 'one';
    while (text === 'one') {
      text = (await get(server, '/current/file')).text;
      if (performance.now() - switched > 10_000) break;
    }
    expect(text).toBe('two');
  }));

test('so many files are open and no more, under many names', () =>
  files(
    async (server) => {
      for (let n = 0; n < 40; n++) fs.writeFileSync(at(`file ${n}`), `text ${n}`);
      await rest();
      for (let n = 0; n < 40; n++) {
        for (const name of [`file%20${n}`, `%66ile%20${n}`]) {
          expect((await get(server, `/${name}`)).text).toBe(`text ${n}`);
          // One of them is being closed, perhaps.
          while (open().length > 5) await sleep(0.001);
        }
      }
      for (let n = 0; n < 100; n++) {
        expect((await get(server, `/no-file-${n}`)).status).toBe(404);
      }
      while (open().length > 5) await sleep(0.001);
      // What is asked for all the time stays; of five in a row it would go four times.
      await get(server, '/file%200');
      let gone = 0;
      for (let n = 0; n < 20; n++) {
        if (!open().includes('file 0')) gone += 1;
        await get(server, '/file%200');
        await get(server, `/file%20${n + 1}`);
      }
      expect(gone).toBeLessThanOrEqual(2);
    },
    { cache: 5 },
  ));

test('they are closed with the server, and none is kept where nothing shall be', async () => {
  fs.writeFileSync(at('file'), 'text');
  await files((server) => keep(server, 'file').then(() => {}));
  while (open().length > 0) await new Promise(setImmediate);
  await files(
    async (server) => {
      await rest();
      for (let n = 0; n < 3; n++) expect((await get(server, '/file')).text).toBe('text');
      while (open().length > 0) await sleep(0.001);
    },
    { cache: 0 },
  );
  expect(() => staticFiles(folder, { cache: -1 })).toThrow(/staticFiles\(\): cache must be an int/);
});

test('a file is closed when the last one has it who was sent it, and removed from the disk', () =>
  files(
    async (server) => {
      for (const name of ['a', 'b']) fs.writeFileSync(at(name), Buffer.alloc(32 * MIB, name));
      await keep(server, 'a');
      const peer = new Peer(server.port);
      peer.socket.pause();
      await peer.send('GET /a HTTP/1.1\r\nHost: x\r\n\r\n');
      while (server.pending === 0) await sleep(0.001);
      // It makes room for another one while it is on its way.
      await ask(server, '/b', { method: 'HEAD' });
      while (!open().includes('b')) await ask(server, '/b', { method: 'HEAD' });
      expect(open().sort()).toEqual(['a', 'b']);
      peer.close();
      while (open().includes('a')) await sleep(0.001);
    },
    { cache: 1 },
  ));

test('the index of a folder, and its address without a slash', () =>
  files(async (server) => {
    fs.writeFileSync(at('index.html'), 'top');
    fs.mkdirSync(at('docs'));
    fs.writeFileSync(at('docs/index.html'), 'docs');
    await rest();
    for (let n = 0; n < 3; n++) {
      expect((await get(server, '/')).text).toBe('top');
      expect((await get(server, '/docs/')).text).toBe('docs');
      expect((await get(server, '/docs')).status).toBe(301);
    }
    fs.rmSync(at('docs/index.html'));
    expect((await get(server, '/docs/')).status).toBe(404);
  }));

test('packed siblings, each for who takes it', () =>
  withServer(
    {
      middleware: [compression()],
      routes: { '/*': staticFiles(folder, { precompressed: true }) },
    },
    async (server) => {
      fs.writeFileSync(at('code.js'), 'plain '.repeat(1000));
      fs.writeFileSync(at('code.js.gz'), gzipSync('packed'));
      await rest();
      for (let n = 0; n < 3; n++) {
        const packed = await get(server, '/code.js', { 'accept-encoding': 'gzip' });
        expect(packed.headers).toMatchObject({
          'content-encoding': 'gzip',
          vary: 'accept-encoding',
        });
        const plain = await get(server, '/code.js', { 'accept-encoding': 'identity' });
        expect(plain.text).toBe('plain '.repeat(1000));
        expect(plain.headers['content-encoding']).toBe(undefined);
      }
    },
  ));
