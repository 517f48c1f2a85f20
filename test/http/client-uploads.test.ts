// Bodies on their way out: packed, told of, and asked for first.
import { openAsBlob } from 'node:fs';
import type http from 'node:http';
import zlib from 'node:zlib';

import { sleep } from 'oxbow';
import { ClientPayloadError, ClientSession, Response, serve } from 'oxbow/http';
import type { BodyInit, RequestOptions } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';

import { withNode, withRaw } from './client-support.ts';

const unpack: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: zlib.gunzipSync,
  deflate: zlib.inflateSync,
  br: zlib.brotliDecompressSync,
};

/** Tells how the body came: coding, framing, and what it is. */
const tell: http.RequestListener = async (request, response) => {
  const all: Buffer[] = [];
  for await (const piece of request) all.push(piece as Buffer);
  if (request.url === '/twice') {
    response.writeHead(307, { location: '/' }).end();
    return;
  }
  const coding = request.headers['content-encoding'] ?? '-';
  const bytes = Buffer.concat(all);
  const plain = (unpack[coding]?.(bytes) ?? bytes).toString();
  const length = request.headers['content-length'] ?? 'chunked';
  response.end(`${coding} ${length === 'chunked' ? length : 'length'} ${plain}`);
};

const large = 'large '.repeat(50_000);

const BODIES: [name: string, body: () => BodyInit, whole: string, repeatable: boolean][] = [
  ['text', () => 'text', 'text', true],
  ['bytes', () => Buffer.from('bytes'), 'bytes', true],
  ['large', () => large, large, true],
  ['blob', () => new Blob(['bl', 'ob']), 'blob', true],
  [
    'function*',
    function* () {
      yield 'one ';
      yield* sleep(0);
      yield Buffer.from('two');
      yield large;
    },
    `one two${large}`,
    false,
  ],
  [
    'async function*',
    async function* () {
      yield 'one ';
      await sleep(0);
      yield 'two';
    },
    'one two',
    false,
  ],
];

describe.each(BODIES)('%s', (_name, body, whole, repeatable) => {
  test.each([true, 'gzip', 'deflate', 'br'] as const)('packed: %s', (compress) =>
    withNode(tell, async (url) => {
      await using session = new ClientSession();
      const coding = compress === true ? 'gzip' : compress;
      const response = await session.post(url, { body: body(), compress });
      const text = await response.text();
      expect(text.split(' ')[0]).toBe(coding);
      expect(text.slice(text.indexOf(' ', coding.length + 1) + 1)).toBe(whole);
      const again = session.post(`${url}twice`, { body: body(), compress });
      if (repeatable) expect((await again).status).toBe(200);
      else await expect(again).rejects.toBeInstanceOf(ClientPayloadError);
    }),
  );

  test.each([false, true])('told of, packed: %s', (compress) =>
    withNode(tell, async (url) => {
      await using session = new ClientSession();
      const seen: [number, number | null][] = [];
      const onUploadProgress = (sent: number, total: number | null) =>
        void seen.push([sent, total]);
      const response = await session.post(url, { body: body(), compress, onUploadProgress });
      expect((await response.text()).endsWith(whole)).toBe(true);
      const known = repeatable && !compress;
      for (const [sent, total] of seen) {
        expect(sent).toBeGreaterThan(0);
        if (known) expect(total).toBe(Buffer.byteLength(whole));
      }
      const sizes = seen.map(([sent]) => sent);
      expect(sizes).toEqual([...sizes].sort((one, other) => one - other));
      if (!compress) expect(sizes.at(-1)).toBe(Buffer.byteLength(whole));
      if (known)
        expect((await session.post(`${url}twice`, { body: body(), onUploadProgress })).status).toBe(
          200,
        );
    }),
  );
});

test('a file on the disk is a body, with its length', () =>
  withNode(tell, async (url) => {
    if (typeof openAsBlob !== 'function') return;
    await using session = new ClientSession();
    const file = await openAsBlob(new URL(import.meta.url).pathname);
    const seen: number[] = [];
    const onUploadProgress = (sent: number) => void seen.push(sent);
    const response = await session.put(url, { body: file, onUploadProgress });
    expect(await response.text()).toMatch(/^- length /);
    expect(seen.at(-1)).toBe(file.size);
  }));

test('what a program says wrongly', () =>
  withNode(tell, async (url) => {
    await using session = new ClientSession();
    const wrong: [RequestOptions, RegExp][] = [
      [{ body: 'x', compress: 'zip' as never }, /compress must be true, false, 'gzip'/],
      [{ body: 'x', onUploadProgress: 5 as never }, /onUploadProgress must be a function/],
      [{ body: 'x', expect100: 1 as never }, /expect100 must be true or false/],
      [
        { body: 'x', compress: true, headers: { 'content-encoding': 'gzip' } },
        /both compress and the headers/,
      ],
    ];
    for (const [options, message] of wrong) {
      await expect(session.post(url, options)).rejects.toThrow(message);
    }
    const failing = session.post(url, {
      body: 'x',
      onUploadProgress: () => {
        throw new Error('mine');
      },
    });
    await expect(failing).rejects.toMatchObject({ cause: new Error('mine') });
    expect((await session.get(url, { compress: true })).status).toBe(200);
  }));

/** A server that reads a head, answers it, and notes what came after. */
function asking(answer: string, notes: string[], body: (url: string) => Promise<void>) {
  return withRaw((socket) => {
    let asked = false;
    socket.on('data', (data: string) => {
      const at = data.indexOf('\r\n\r\n');
      if (!asked) {
        asked = true;
        notes.push(/expect: (\S+)/.exec(data)![1]!, data.slice(at + 4));
        socket.write(answer);
      } else {
        notes.push(data);
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      }
    });
  }, body);
}

test('expect100: the body goes when it is asked for, and not when it is refused', async () => {
  const notes: string[] = [];
  await asking('HTTP/1.1 100 Continue\r\n\r\n', notes, async (url) => {
    await using session = new ClientSession();
    for (const options of [{ expect100: true }, { headers: { expect: '100-continue' } }]) {
      const response = await session.post(url, { body: 'wanted', ...options });
      expect(await response.text()).toBe('ok');
      expect(notes.splice(0)).toEqual(['100-continue', '', 'wanted']);
      expect(session.connections).toBe(1);
      await session.close();
      return;
    }
  });
  notes.splice(0);
  await asking('HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n', notes, async (url) => {
    await using session = new ClientSession();
    const ended: string[] = [];
    const body = (function* () {
      try {
        yield 'x';
      } finally {
        ended.push('body');
      }
    })();
    expect((await session.post(url, { body, expect100: true })).status).toBe(413);
    expect((await session.post(url, { body: 'x', expect100: true })).status).toBe(413);
    // Each on a connection of its own: the server counts on the body.
    expect(session.connections).toBe(0);
    expect(notes).toEqual(['100-continue', '', '100-continue', '']);
    expect(ended).toEqual([]);
  });
});

test('expect100: a server that says nothing gets the body after a second', () =>
  runVirtual(function* () {
    const server = yield* serve({
      *fetch(request) {
        return new Response(`got ${(yield* request.text()).length}`);
      },
    });
    const session = new ClientSession({ baseUrl: server.url });
    const response = yield* session.post('/', { body: 'x'.repeat(1000), expect100: true });
    expect(yield* response.text()).toBe('got 1000');
    expect(session.connections).toBe(1);
    yield* session.close();
    yield* server.shutdown({ timeout: 1 });
  }));
