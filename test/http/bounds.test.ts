// What peers that stall, trickle or flood can make us hold, and do: a number for each, of servers
// and of clients. Memory is what is left after the garbage collector: bytes outside of its heap,
// since that is where receive chunks and buffers are.
import fs from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { sleep } from 'oxbow';
import { ClientSession, Response } from 'oxbow/http';
import type { ClientResponse, HttpServer, ServeOptions } from 'oxbow/http';

import { collectGarbage } from '../support/garbage.ts';
import { withRaw } from './client-support.ts';
import { ask, Peer, withServer } from './serve-support.ts';

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

/** Bytes outside of the heap that are held. */
async function held(): Promise<number> {
  // What finalizers let go of is gone a turn later.
  for (let n = 0; n < 3; n++) {
    collectGarbage();
    await new Promise(setImmediate);
  }
  return process.memoryUsage().arrayBuffers;
}

/** Until a number has not changed for a while, in which everybody had his turn. */
async function settled(number: () => number): Promise<number> {
  for (let last = -1, same = 0; same < 20;) {
    const now = number();
    same = now === last ? same + 1 : 0;
    last = now;
    await sleep('2ms');
  }
  return number();
}

/**
 * Beside a server whose handlers may wait for `gate`, which is open at the end, whatever happens.
 */
async function withGate(
  options: (gate: Promise<void>) => ServeOptions,
  body: (server: HttpServer, go: () => void) => Promise<void>,
): Promise<void> {
  let go!: () => void;
  const gate = new Promise<void>((resolve) => (go = resolve));
  await withServer(options(gate), (server) => body(server, go).finally(go));
}

const REQUEST = 'GET / HTTP/1.1\r\nHost: h\r\n\r\n';
const PEERS = 30;
/** More than a receive chunk has. */
const FILLER = Buffer.alloc(300 * KIBIBYTE);

/** Something that takes up a receive chunk, so that what comes next stands in another one. */
async function fill(server: HttpServer): Promise<void> {
  await ask(server, '/fill', { method: 'POST' }, FILLER);
}

describe('a server', () => {
  test('long polls: a waiting request keeps no receive chunk', () => {
    let waiting = 0;
    return withGate(
      (gate) => ({
        async fetch(request) {
          if (request.path === '/fill') return new Response(String((await request.bytes()).length));
          waiting++;
          await gate;
          return new Response(request.headers.get('host'));
        },
      }),
      async (server, go) => {
        await fill(server);
        const before = await held();
        const peers: Peer[] = [];
        for (let n = 0; n < PEERS; n++) {
          const peer = new Peer(server.port);
          peers.push(peer);
          await peer.send(REQUEST);
          while (waiting <= n) await sleep('1ms');
          await fill(server);
        }
        // They would be 30 chunks of 256 KiB; what is left are those that are being received into.
        expect((await held()) - before).toBeLessThan(4 * 256 * KIBIBYTE);
        go();
        for (const peer of peers)
          expect(await peer.until((text) => text.endsWith('h'))).toMatch(/200/);
      },
    );
  });

  test('a body that nobody reads: 128 KiB and what one read brings', () => {
    const received: (() => number)[] = [];
    return withGate(
      (gate) => ({
        async fetch(request) {
          received.push(() => request.body.received);
          await gate;
          return new Response('late');
        },
      }),
      async (server) => {
        const before = await held();
        const piece = Buffer.alloc(64 * KIBIBYTE);
        for (let n = 0; n < 10; n++) {
          const peer = new Peer(server.port);
          peer.socket.write(
            `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${16 * MEBIBYTE}\r\n\r\n`,
          );
          for (let count = 0; count < 64; count++) peer.socket.write(piece);
        }
        while (received.length < 10) await sleep('1ms');
        await settled(() => received.reduce((sum, count) => sum + count(), 0));
        for (const count of received) expect(count()).toBeLessThanOrEqual(192 * KIBIBYTE);
        expect((await held()) - before).toBeLessThan(10 * 512 * KIBIBYTE);
      },
    );
  });

  test('a flood of pipelined requests behind one that waits: 32, and no more is read', () =>
    withGate(
      (gate) => ({
        async fetch() {
          await gate;
          return new Response('ok');
        },
      }),
      async (server) => {
        const before = await held();
        const flood = REQUEST.repeat(40_000);
        const peers = Array.from({ length: 10 }, () => new Peer(server.port));
        for (const peer of peers) peer.socket.write(flood);
        while (server.connections < 10) await sleep('1ms');
        const pending = await settled(() => server.pending);
        // One is being answered, 32 wait, and what was told in the same turn is still taken.
        expect(pending).toBeGreaterThanOrEqual(10);
        expect(pending).toBeLessThanOrEqual(10 * (1 + 32 + 32));
        expect((await held()) - before).toBeLessThan(10 * 256 * KIBIBYTE);
        for (const peer of peers) peer.close();
      },
    ));

  test('answers that nobody takes: the handler is not asked for more', () => {
    let asked = 0;
    const body = Buffer.alloc(256 * KIBIBYTE, 'x');
    return withServer(
      {
        fetch() {
          asked++;
          return new Response(body);
        },
      },
      async (server) => {
        const socket = net.connect({ port: server.port, host: '127.0.0.1' });
        socket.pause();
        socket.on('error', () => {});
        const before = await held();
        socket.write(REQUEST.repeat(2000));
        while (asked === 0) await sleep('1ms');
        const count = await settled(() => asked);
        // What the kernel takes for both of us, some megabytes, and one more.
        expect(count).toBeLessThan(200);
        expect((await held()) - before).toBeLessThan(MEBIBYTE);
        socket.destroy();
      },
    );
  });

  test('events for a client that stalls: the source waits', () => {
    let made = 0;
    return withServer(
      {
        fetch: () =>
          Response.sse(
            (function* () {
              for (;;) yield `${made++} ${'x'.repeat(4 * KIBIBYTE)}`;
            })(),
          ),
      },
      async (server) => {
        const socket = net.connect({ port: server.port, host: '127.0.0.1' });
        socket.pause();
        socket.on('error', () => {});
        const before = await held();
        socket.write(REQUEST);
        while (made === 0) await sleep('1ms');
        const bytes = (await settled(() => made)) * 4 * KIBIBYTE;
        // All but 256 KiB of it is in the kernel.
        expect(bytes).toBeLessThan(32 * MEBIBYTE);
        expect((await held()) - before).toBeLessThan(MEBIBYTE);
        socket.destroy();
      },
    );
  });

  test('uploads to disk: 32 MiB of files, and 4 MiB of memory', () => {
    const folder = fs.mkdtempSync(join(tmpdir(), 'oxbow-bounds-'));
    const size = 32 * MEBIBYTE;
    let most = 0;
    return withServer(
      {
        maxBodySize: 2 * size,
        async fetch(request) {
          const form = await request.formData({ folder, memory: 64 * KIBIBYTE });
          const file = form.get('f') as File;
          return new Response(`${file.size} ${'path' in file}`);
        },
      },
      async (server) => {
        const before = await held();
        const head = '--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n';
        const tail = '\r\n--b--\r\n';
        const socket = net.connect({ port: server.port, host: '127.0.0.1' });
        let text = '';
        socket.setEncoding('latin1').on('data', (piece) => (text += String(piece)));
        socket.write(
          'POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n' +
            'Content-Type: multipart/form-data; boundary=b\r\n' +
            `Content-Length: ${head.length + size + tail.length}\r\n\r\n${head}`,
        );
        const piece = Buffer.alloc(64 * KIBIBYTE, 'x');
        for (let sent = 0; sent < size; sent += piece.length) {
          if (!socket.write(piece)) await new Promise((resolve) => socket.once('drain', resolve));
          if (sent % (2 * MEBIBYTE) !== 0) continue;
          collectGarbage();
          most = Math.max(most, process.memoryUsage().arrayBuffers - before);
        }
        socket.write(tail);
        await new Promise((resolve) => socket.on('close', resolve));
        expect(text).toMatch(new RegExp(`\\r\\n\\r\\n${size} true$`));
        expect(most).toBeLessThan(4 * MEBIBYTE);
      },
    ).finally(() => fs.rmSync(folder, { recursive: true, force: true }));
  });

  test('fields behind a body that is read already: a head of them, once', () =>
    withServer(
      {
        async fetch(request) {
          await request.text();
          return new Response(String([...request.trailers].length));
        },
      },
      async (server) => {
        const before = await held();
        const trailers = `X: ${'y'.repeat(8000)}\r\n`.repeat(8);
        const post = `POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${trailers}\r\n`;
        const peer = new Peer(server.port);
        for (let n = 1; n <= 50; n++) {
          await peer.send(post);
          await peer.until((text) => text.split('HTTP/1.1 200').length > n);
        }
        expect((await held()) - before).toBeLessThan(MEBIBYTE);
      },
    ));
});

describe('a client', () => {
  /**
   * A raw server that answers with these bytes, and goes on with more as long as they are taken.
   */
  const endless =
    (head: string, piece: Buffer, sent: { bytes: number }) => (socket: net.Socket) => {
      socket.once('data', () => {
        socket.write(head, 'latin1');
        const more = (): void => {
          // The number of those whom nobody stops is bounded, too.
          while (sent.bytes < 256 * MEBIBYTE) {
            sent.bytes += piece.length;
            if (!socket.write(piece)) break;
          }
        };
        socket.on('drain', more);
        more();
      });
    };

  test('a response that nobody reads: the server is told to wait', async () => {
    const sent = { bytes: 0 };
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n';
    await withRaw(endless(head, Buffer.alloc(64 * KIBIBYTE), sent), async (url) => {
      await using session = new ClientSession();
      const before = await held();
      const response = await session.get(url);
      await settled(() => sent.bytes);
      // What the kernel takes for both of us.
      expect(sent.bytes).toBeLessThan(32 * MEBIBYTE);
      expect((await held()) - before).toBeLessThan(MEBIBYTE);
      response.release();
    });
  });

  test('a packed response that is read slowly is not unpacked ahead', async () => {
    const sent = { bytes: 0 };
    const packed = gzipSync(Buffer.alloc(8 * MEBIBYTE));
    const head = 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n';
    await withRaw(endless(head, packed, sent), async (url) => {
      await using session = new ClientSession({ maxDecodedSize: Infinity });
      const before = await held();
      const response = await session.get(url);
      const reading = response.body[Symbol.asyncIterator]();
      expect((await reading.next()).value!.length).toBeLessThanOrEqual(MEBIBYTE);
      await settled(() => process.memoryUsage().arrayBuffers);
      expect((await held()) - before).toBeLessThan(4 * MEBIBYTE);
      await reading.return!();
    });
  });

  test('a bomb is unpacked as far as its limit, and no further', async () => {
    const body = gzipSync(Buffer.alloc(64 * MEBIBYTE));
    await withServer(
      { fetch: () => new Response(body, { headers: { 'content-encoding': 'gzip' } }) },
      async (server) => {
        await using session = new ClientSession({ maxDecodedSize: MEBIBYTE });
        const before = await held();
        for (let n = 0; n < 5; n++) {
          const response = await session.get(server.url);
          await expect(response.bytes()).rejects.toMatchObject({ name: 'ClientPayloadError' });
        }
        expect((await held()) - before).toBeLessThan(2 * MEBIBYTE);
      },
    );
  });

  test('bodies on their way keep no receive chunk, of the server or of the client', () =>
    withGate(
      (gate) => ({
        fetch(request) {
          if (request.path === '/fill') return new Response(FILLER);
          return new Response(
            (async function* () {
              yield 'first';
              await gate;
              yield 'last';
            })(),
            { headers: { 'x-name': 'value' } },
          );
        },
      }),
      async (server, go) => {
        await using session = new ClientSession({ limit: 0 });
        const fillClient = async (): Promise<void> => {
          await (await session.get(`${server.url}fill`)).bytes();
        };
        await fillClient();
        const before = await held();
        const responses: ClientResponse[] = [];
        for (let n = 0; n < PEERS; n++) {
          responses.push(await session.get(`${server.url}events`));
          await fillClient();
        }
        // They would be 30 chunks of 256 KiB.
        expect((await held()) - before).toBeLessThan(4 * 256 * KIBIBYTE);
        go();
        for (const response of responses) {
          expect(response.headers.get('x-name')).toBe('value');
          expect([response.status, response.reason]).toEqual([200, 'OK']);
          expect(await response.text()).toBe('firstlast');
        }
      },
    ));

  test('a response that was read is not kept, nor are its bytes', () =>
    withServer({ fetch: () => new Response(FILLER) }, async (server) => {
      await using session = new ClientSession();
      const read = async (): Promise<void> => {
        expect((await (await session.get(server.url)).bytes()).length).toBe(FILLER.length);
      };
      await read();
      const before = await held();
      for (let n = 0; n < PEERS; n++) await read();
      expect((await held()) - before).toBeLessThan(4 * 256 * KIBIBYTE);
    }));

  test('interim responses without end are an error, and their number is bounded', async () => {
    const sent = { bytes: 0 };
    const piece = Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(1000));
    await withRaw(endless('', piece, sent), async (url) => {
      await using session = new ClientSession();
      const before = await held();
      await expect(session.get(url)).rejects.toMatchObject({ name: 'ClientPayloadError' });
      expect((await held()) - before).toBeLessThan(MEBIBYTE);
    });
  });

  test('a head without end is an error', async () => {
    const sent = { bytes: 0 };
    const piece = Buffer.from('X: y\r\n'.repeat(1000));
    await withRaw(endless('HTTP/1.1 200 OK\r\n', piece, sent), async (url) => {
      await using session = new ClientSession();
      const before = await held();
      await expect(session.get(url)).rejects.toMatchObject({ name: 'ClientPayloadError' });
      expect((await held()) - before).toBeLessThan(MEBIBYTE);
    });
  });

  test('chunks of a byte cost what their bytes cost', async () => {
    const sent = { bytes: 0 };
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    const piece = Buffer.from('1\r\nx\r\n'.repeat(10_000));
    await withRaw(endless(head, piece, sent), async (url) => {
      await using session = new ClientSession();
      const before = await held();
      const response = await session.get(url);
      await settled(() => sent.bytes);
      expect(sent.bytes).toBeLessThan(32 * MEBIBYTE);
      expect((await held()) - before).toBeLessThan(MEBIBYTE);
      response.release();
    });
  });
});
