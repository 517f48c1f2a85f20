// Files as responses: what is sent of them, what is said of them, and what nobody gets.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { Response, staticFiles } from 'oxbow/http';
import type { HttpServer, Request, StaticOptions } from 'oxbow/http';
import { serverCertificate } from '../support/certificates.ts';
import { ask, Peer, withServer } from './serve-support.ts';

let folder = '';
const MIB = Buffer.from(Array.from({ length: 2 ** 20 }, (_, n) => (n * 7 + (n >>> 8)) & 0xff));

beforeAll(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'oxbow-files-'));
  fs.writeFileSync(join(folder, 'digits.txt'), '0123456789');
  fs.writeFileSync(join(folder, 'large.bin'), MIB);
  fs.writeFileSync(join(folder, 'empty.css'), '');
  fs.writeFileSync(join(folder, '.secret'), 'dot');
  fs.writeFileSync(join(folder, 'packed.js'), 'plain text');
  fs.writeFileSync(join(folder, 'packed.js.gz'), gzipSync('packed text'));
  fs.writeFileSync(join(folder, 'packed.js.br'), 'brotli');
  fs.mkdirSync(join(folder, 'site/deep'), { recursive: true });
  fs.writeFileSync(join(folder, 'site/index.html'), '<h1>site</h1>');
  fs.writeFileSync(join(folder, 'site/deep/<b>.txt'), 'name');
  fs.symlinkSync('/etc/passwd', join(folder, 'leads-out'));
  fs.symlinkSync('digits.txt', join(folder, 'leads-in'));
  fs.symlinkSync('..', join(folder, 'site/up'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
});

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** `/name` is a file of the folder, `/static/…` all of it. */
function files(
  body: (server: HttpServer) => Promise<void>,
  options: StaticOptions = {},
  tls?: object,
): Promise<void> {
  const all = staticFiles(folder, options);
  return withServer(
    {
      ...(tls === undefined ? {} : { tls }),
      fetch(request: Request, server) {
        const { path } = request;
        if (path.startsWith('/static')) return all._handle(request, server, path.slice(8)) as never;
        return Response.file(path.slice(1), { root: folder });
      },
    },
    body,
  );
}

const DIGITS = '/digits.txt';
const get = (server: HttpServer, path: string, headers: http.OutgoingHttpHeaders = {}) =>
  ask(server, path, { headers });

test('a file comes whole, and is described', () =>
  files(async (server) => {
    const answer = await get(server, DIGITS);
    expect(answer).toMatchObject({ status: 200, text: '0123456789' });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain;charset=UTF-8',
      'content-length': '10',
      'accept-ranges': 'bytes',
    });
    const { mtimeNs, mtime } = fs.statSync(join(folder, 'digits.txt'), { bigint: true });
    expect(answer.headers.etag).toBe(`"${mtimeNs.toString(16)}-a"`);
    expect(answer.headers['last-modified']).toBe(mtime.toUTCString());
    const head = await ask(server, DIGITS, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers['content-length']).toBe('10');
    expect(await get(server, '/empty.css')).toMatchObject({ status: 200, text: '' });
    expect((await get(server, '/leads-in')).text).toBe('0123456789');
  }));

describe.each([
  ['sendfile(2)', false],
  ['TLS', true],
])('a large file by %s', (_name, secured) => {
  test('comes byte for byte, also a part from its middle', async () => {
    const issued = secured ? await serverCertificate(null) : null;
    const tls = issued === null ? undefined : { cert: issued.cert, key: issued.key };
    await files(
      async (server) => {
        const bytes = async (headers: Record<string, string>): Promise<Buffer> => {
          const pieces: Buffer[] = [];
          const { request } = secured ? await import('node:https') : http;
          await new Promise<void>((resolve, reject) => {
            const asked = request(
              new URL('/large.bin', server.url),
              { headers, rejectUnauthorized: false } as object,
              (response) => {
                response.on('data', (piece: Buffer) => pieces.push(piece));
                response.on('end', resolve);
              },
            );
            asked.on('error', reject);
            asked.end();
          });
          return Buffer.concat(pieces);
        };
        expect(MIB.equals(await bytes({}))).toBe(true);
        const part = await bytes({ range: 'bytes=500000-700000' });
        expect(MIB.subarray(500_000, 700_001).equals(part)).toBe(true);
      },
      {},
      tls,
    );
  });
});

describe('ranges', () => {
  const cases: Array<[range: string, status: number, text: string, field: string | undefined]> = [
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-30', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=5-99', 206, '56789', 'bytes 5-9/10'],
    ['bytes=0-2,2-4', 206, '01234', 'bytes 0-4/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=4-2', 200, '0123456789', undefined],
    ['bytes=', 200, '0123456789', undefined],
    ['bytes=a-b', 200, '0123456789', undefined],
    ['lines=1-2', 200, '0123456789', undefined],
    [`bytes=${'0-0,'.repeat(40)}0-0`, 200, '0123456789', undefined],
  ];
  test.each(cases)('%s', (range, status, text, field) =>
    files(async (server) => {
      const answer = await get(server, DIGITS, { range });
      expect(answer).toMatchObject({ status, text });
      expect(answer.headers['content-range']).toBe(field);
      expect(answer.headers['content-length']).toBe(String(text.length));
    }),
  );

  test('several are parts of a multipart body, each with its place', () =>
    files(async (server) => {
      const answer = await get(server, DIGITS, { range: 'bytes=0-1, 5-6, -1' });
      expect(answer.status).toBe(206);
      const boundary = /^multipart\/byteranges; boundary=(\S+)$/.exec(
        answer.headers['content-type']!,
      )![1]!;
      const part = (place: string, text: string): string =>
        `--${boundary}\r\ncontent-type: text/plain;charset=UTF-8\r\n` +
        `content-range: bytes ${place}/10\r\n\r\n${text}\r\n`;
      const parts = part('0-1', '01') + part('5-6', '56') + part('9-9', '9');
      expect(answer.text).toBe(`${parts}--${boundary}--\r\n`);
      expect(answer.headers['content-length']).toBe(String(answer.text.length));
    }));

  test('If-Range: the rest of what is still the same, else all of it', () =>
    files(async (server) => {
      const { headers } = await get(server, DIGITS);
      const range = 'bytes=8-';
      const same = [headers.etag!, headers['last-modified']!];
      for (const value of same) {
        expect(await get(server, DIGITS, { range, 'if-range': value })).toMatchObject({
          status: 206,
          text: '89',
        });
      }
      for (const value of ['"other"', `W/${headers.etag}`, new Date(0).toUTCString(), 'nonsense']) {
        expect((await get(server, DIGITS, { range, 'if-range': value })).status).toBe(200);
      }
      const head = await ask(server, DIGITS, { method: 'HEAD', headers: { range } });
      expect(head.status).toBe(200);
    }));
});

test('conditions: 304 for what the client has, 412 for what it means no more', () =>
  files(async (server) => {
    const { headers } = await get(server, DIGITS);
    const etag = headers.etag!;
    const modified = headers['last-modified']!;
    const early = new Date(Date.parse(modified) - 1000).toUTCString();
    const cases: Array<[headers: http.OutgoingHttpHeaders, status: number]> = [
      [{ 'if-none-match': etag }, 304],
      [{ 'if-none-match': `W/${etag}` }, 304],
      [{ 'if-none-match': `"x", ${etag}` }, 304],
      [{ 'if-none-match': '*' }, 304],
      [{ 'if-none-match': '"x"' }, 200],
      [{ 'if-modified-since': modified }, 304],
      [{ 'if-modified-since': early }, 200],
      [{ 'if-modified-since': 'yesterday' }, 200],
      [{ 'if-none-match': '"x"', 'if-modified-since': modified }, 200],
      [{ 'if-match': etag }, 200],
      [{ 'if-match': '*' }, 200],
      [{ 'if-match': `W/${etag}` }, 412],
      [{ 'if-match': '"x"' }, 412],
      [{ 'if-unmodified-since': modified }, 200],
      [{ 'if-unmodified-since': early }, 412],
      [{ 'if-match': etag, 'if-none-match': etag }, 304],
    ];
    for (const [asked, status] of cases) {
      const answer = await get(server, DIGITS, asked);
      expect([asked, answer.status]).toEqual([asked, status]);
      if (status === 304) {
        expect(answer).toMatchObject({ text: '', headers: { etag } });
        expect(answer.headers['content-type']).toBeUndefined();
      }
    }
  }));

test('what is no file of the folder is a 404, what is no regular one a 403', () =>
  files(async (server) => {
    const paths = [
      '/nothing',
      '/digits.txt/x',
      '/leads-out',
      '/../package.json',
      '/site/up/digits.txt/',
    ];
    for (const path of [...paths, `/${'x'.repeat(300)}`]) {
      const peer = new Peer(server.port);
      await peer.send(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
      expect([path, (await peer.untilClosed()).slice(9, 12)]).toEqual([path, '404']);
    }
    expect((await get(server, '/pipe')).status).toBe(403);
    expect((await get(server, '/site')).status).toBe(403);
  }));

describe('staticFiles', () => {
  test('names are decoded once, and are plain', () =>
    files(async (server) => {
      const bad = [
        '%2e%2e/package.json',
        '..%2fpackage.json',
        '%2e%2e%2f',
        'site/%2e%2e/digits.txt',
        'site//index.html',
        'digits.txt%00',
        'site%5cindex.html',
        'site%2findex.html',
        '%252e%252e/x',
        '%c0%ae%c0%ae/x',
        '%',
        '.secret',
        '%2esecret',
        'leads-out',
        'digits.txt/',
      ];
      for (const path of bad) {
        const peer = new Peer(server.port);
        await peer.send(`GET /static/${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
        expect([path, (await peer.untilClosed()).slice(9, 12)]).toEqual([path, '404']);
      }
      expect((await get(server, '/static/digits%2Etxt')).text).toBe('0123456789');
      expect((await get(server, '/static/site/deep/%3Cb%3E.txt')).text).toBe('name');
      // Up, and down again: it is inside.
      expect((await get(server, '/static/site/up/digits.txt')).text).toBe('0123456789');
    }));

  test('a folder is its index, at an address that ends with a slash', () =>
    files(async (server) => {
      const moved = await get(server, '/static/site?q=1');
      expect(moved).toMatchObject({ status: 301, headers: { location: '/static/site/?q=1' } });
      expect(await get(server, '/static/site/')).toMatchObject({
        status: 200,
        text: '<h1>site</h1>',
        headers: { 'content-type': 'text/html;charset=UTF-8' },
      });
      expect((await get(server, '/static/site/deep/')).status).toBe(404);
    }));

  test('a list of what is in a folder, on demand, with every name escaped', () =>
    files(
      async (server) => {
        const { text } = await get(server, '/static/site/deep/');
        expect(text).toContain('<a href="./%3Cb%3E.txt">&#60;b&#62;.txt</a>');
        expect(text).toContain('<a href="./../">');
        const top = (await get(server, '/static/')).text;
        expect(top).toContain('digits.txt');
        expect(top).not.toContain('secret');
      },
      { listing: true },
    ));

  test('links, dots and other indexes, where they are asked for', () =>
    files(
      async (server) => {
        expect((await get(server, '/static/leads-out')).status).toBe(200);
        expect((await get(server, '/static/.secret')).text).toBe('dot');
        expect((await get(server, '/static/')).text).toBe('0123456789');
      },
      { followLinks: true, dotfiles: true, index: ['no.html', 'digits.txt'] },
    ));

  test('a packed sibling for who can unpack it', () =>
    files(
      async (server) => {
        const coding = async (accept: string | null): Promise<[string | undefined, string]> => {
          const headers = accept === null ? {} : { 'accept-encoding': accept };
          const answer = await get(server, '/static/packed.js', headers);
          expect(answer.headers.vary).toBe('accept-encoding');
          expect(answer.headers['content-type']).toBe('text/javascript;charset=UTF-8');
          return [answer.headers['content-encoding'], answer.headers['content-length']!];
        };
        const size = (name: string): string => String(fs.statSync(join(folder, name)).size);
        expect(await coding(null)).toEqual([undefined, '10']);
        expect(await coding('gzip')).toEqual(['gzip', size('packed.js.gz')]);
        expect(await coding('gzip, br')).toEqual(['br', '6']);
        expect(await coding('gzip, br;q=0.5')).toEqual(['gzip', size('packed.js.gz')]);
        expect(await coding('br;q=0, zstd')).toEqual([undefined, '10']);
        expect((await get(server, '/static/digits.txt', { 'accept-encoding': 'br' })).text).toBe(
          '0123456789',
        );
      },
      { precompressed: true },
    ));

  test('refuses wrong options by name', () => {
    expect(() => staticFiles(folder, { index: 5 as never })).toThrow(/index must be names/);
    expect(() => staticFiles(folder, { listing: 'yes' as never })).toThrow(/listing must be true/);
    expect(() => staticFiles('')).toThrow(/folder must be a path/);
    expect(() => staticFiles(folder, { root: '/' } as never)).toThrow(/no option 'root'/);
  });
});

test('how it is saved, kept and called can be said', () =>
  withServer(
    {
      fetch: () =>
        Response.file(join(folder, 'digits.txt'), {
          download: 'Übersicht "1".txt',
          cacheControl: 'no-store',
          type: 'text/x-own',
          etag: false,
          lastModified: false,
          ranges: false,
          headers: { 'x-own': 'yes' },
        }),
    },
    async (server) => {
      const { headers, status } = await get(server, '/', { range: 'bytes=1-2' });
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-disposition':
          `attachment; filename="_bersicht _1_.txt"; ` +
          `filename*=UTF-8''%C3%9Cbersicht%20%221%22.txt`,
        'cache-control': 'no-store',
        'content-type': 'text/x-own',
        'x-own': 'yes',
      });
      for (const name of ['etag', 'last-modified', 'accept-ranges']) {
        expect(headers[name]).toBeUndefined();
      }
    },
  ));

test('a file of another status has no conditions and no ranges', () =>
  withServer(
    { routes: { '/': Response.file(join(folder, 'digits.txt'), { status: 404 }) } },
    async (server) => {
      for (let n = 0; n < 2; n++) {
        const answer = await get(server, '/', { range: 'bytes=1-2', 'if-none-match': '*' });
        expect(answer).toMatchObject({ status: 404, text: '0123456789' });
      }
    },
  ));

describe('a file that changes while it is sent', () => {
  async function during(change: (path: string) => void): Promise<{ text: string; size: number }> {
    const path = join(folder, 'changing.bin');
    // More than what the kernel keeps for a peer that does not read.
    const size = 64 * 2 ** 20;
    fs.writeFileSync(path, '');
    fs.truncateSync(path, size);
    let text = '';
    await files(async (server) => {
      const peer = new Peer(server.port);
      server._loop.setExceptionHandler(() => {});
      await peer.send('GET /changing.bin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      await peer.until((received) => received !== '');
      change(path);
      text = await peer.untilClosed();
    });
    return { text: text.slice(text.indexOf('\r\n\r\n') + 4), size };
  }

  test('has become longer: as many bytes as were promised', async () => {
    const { text, size } = await during((path) => fs.appendFileSync(path, 'more'));
    expect(text.length).toBe(size);
  });

  test('has become shorter: the connection breaks', async () => {
    const { text, size } = await during((path) => fs.truncateSync(path, 1000));
    expect(text.length).toBeLessThan(size);
  });
});
