/** Bodies that a peer does not take: they stay where they are, once for all who wait for them. */
import net from 'node:net';

import { getRunningLoop, run, sleep } from 'oxbow';
import { ClientSession, Response } from 'oxbow/http';

import { collectGarbage } from '../support/garbage.ts';
import { Peer, withServer } from './serve-support.ts';

const MEBIBYTE = 1024 * 1024;
const BIG = Buffer.alloc(10 * MEBIBYTE);
for (let n = 0; n < BIG.length; n++) BIG[n] = (n * 31 + (n >> 12)) & 255;
const GET = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`;

/** Requests a path and reads nothing. */
async function stalled(port: number, text: string): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await new Promise<void>((resolve) => socket.on('connect', resolve));
  socket.pause();
  await new Promise<void>((resolve) => socket.write(text, () => resolve()));
  return socket;
}

/** Everything until more than `size` bytes have come, and then `ending`. */
function read(socket: net.Socket, size: number, ending = ''): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let got = 0;
  return new Promise((resolve) => {
    socket.on('data', (data) => {
      chunks.push(data as Buffer);
      got += data.length;
      if (got >= size && data.toString('latin1').endsWith(ending)) resolve(Buffer.concat(chunks));
    });
    socket.resume();
  });
}

test('fifty who do not read one shared Buffer cost that Buffer, and get it when they read', () => {
  let handled = 0;
  return withServer(
    {
      fetch: () => {
        handled += 1;
        return new Response(BIG);
      },
    },
    async ({ port }) => {
      const before = process.memoryUsage();
      const sockets = await Promise.all(Array.from({ length: 50 }, () => stalled(port, GET('/'))));
      while (handled < 50) await sleep(0);
      const after = process.memoryUsage();
      expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(4 * MEBIBYTE);
      expect(after.rss - before.rss).toBeLessThan(50 * MEBIBYTE);
      const answer = await read(sockets[7]!, BIG.length);
      expect(answer.subarray(answer.indexOf('\r\n\r\n') + 4).equals(BIG)).toBe(true);
      for (const socket of sockets) socket.destroy();
    },
  );
});

test('nor do fifty who do not read one shared text', () => {
  // Characters of all lengths, and none of them ends where a part of the text does.
  const text = `x${'aß€😀'.repeat(600_000)}`;
  const bytes = Buffer.from(text);
  let handled = 0;
  return withServer(
    {
      fetch: (request) => {
        handled += 1;
        return new Response(request.path === '/' ? text : 'behind');
      },
    },
    async ({ port }) => {
      const before = process.memoryUsage();
      const sockets = await Promise.all(
        Array.from({ length: 50 }, () => stalled(port, GET('/') + GET('/behind'))),
      );
      while (handled < 50) await sleep(0);
      collectGarbage();
      const after = process.memoryUsage();
      expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(16 * MEBIBYTE);
      const answer = await read(sockets[7]!, bytes.length, 'behind');
      const start = answer.indexOf('\r\n\r\n') + 4;
      expect(answer.subarray(start, start + bytes.length).equals(bytes)).toBe(true);
      for (const socket of sockets) socket.destroy();
    },
  );
});

test('pipelined answers behind a large one keep their order', () =>
  withServer(
    {
      fetch: (request) => new Response(request.path === '/big' ? BIG : `small ${request.path}`),
    },
    async ({ port }) => {
      const text = ['/big', '/1', '/big', '/2', '/3'].map(GET).join('');
      const socket = await stalled(port, text);
      for (let n = 0; n < 20; n++) await sleep(0);
      const answer = await read(socket, 2 * BIG.length, 'small /3');
      const heads = answer.toString('latin1').match(/content-length: \d+\r\n\r\n(small \/\d)?/g);
      expect(heads).toEqual([
        `content-length: ${BIG.length}\r\n\r\n`,
        'content-length: 8\r\n\r\nsmall /1',
        `content-length: ${BIG.length}\r\n\r\n`,
        'content-length: 8\r\n\r\nsmall /2',
        'content-length: 8\r\n\r\nsmall /3',
      ]);
      socket.destroy();
    },
  ));

test('Connection: close comes after the whole of it', () =>
  withServer(
    {
      fetch: () => new Response(BIG),
    },
    async ({ port }) => {
      const socket = await stalled(port, 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
      for (let n = 0; n < 20; n++) await sleep(0);
      const closed = new Promise<void>((resolve) => socket.on('end', resolve));
      const answer = await read(socket, BIG.length + 100);
      await closed;
      expect(answer.subarray(answer.indexOf('\r\n\r\n') + 4).equals(BIG)).toBe(true);
    },
  ));

test('one slow connection does not make another wait: unsent bytes are counted for each', () => {
  let other = 0;
  return withServer(
    {
      fetch: (request) => {
        if (request.path === '/big') return new Response(BIG);
        return new Response(
          (function* () {
            for (let n = 0; n < 100; n++) {
              other += 1;
              yield 'x'.repeat(100);
            }
          })(),
        );
      },
    },
    async ({ port }) => {
      const sockets = await Promise.all(
        Array.from({ length: 20 }, () => stalled(port, GET('/big'))),
      );
      const peer = new Peer(port);
      await peer.send(GET('/stream'));
      await peer.until((text) => text.endsWith('0\r\n\r\n'));
      expect(other).toBe(100);
      for (const socket of sockets) socket.destroy();
      peer.close();
    },
  );
});

test('a body whose buffer is transferred before it is sent breaks off, and is reported', () => {
  const reports: string[] = [];
  return withServer(
    {
      fetch: (request) => {
        if (request.path === '/fine') return new Response('fine');
        const body = new Uint8Array(8 * MEBIBYTE).fill(7);
        queueMicrotask(() => structuredClone(body.buffer, { transfer: [body.buffer] }));
        return new Response(body);
      },
    },
    async ({ port }) => {
      getRunningLoop().setExceptionHandler((_loop, { exception }) => {
        reports.push(String((exception as Error).message));
      });
      const peer = new Peer(port);
      await peer.send(GET('/'));
      const text = await peer.untilClosed();
      const body = text.slice(text.indexOf('\r\n\r\n') + 4);
      expect(body.length).toBeLessThan(8 * MEBIBYTE);
      expect(/^\x07*$/.test(body)).toBe(true);
      expect(reports).toEqual([expect.stringContaining('transferred')]);
      const next = new Peer(port);
      await next.send(GET('/fine'));
      await next.until((answer) => answer.endsWith('fine'));
      next.close();
    },
  );
});

test('a request whose body the server does not take is not copied either', () =>
  run(async () => {
    const sockets: net.Socket[] = [];
    const server = net.createServer((socket) => {
      socket.pause();
      socket.on('error', () => {});
      sockets.push(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const session = new ClientSession();
    const before = process.memoryUsage();
    const requests = Array.from({ length: 20 }, () =>
      getRunningLoop().createTask(() => session.post(`http://127.0.0.1:${port}/`, { body: BIG })),
    );
    while (sockets.length < 20) await sleep(0);
    for (let n = 0; n < 20; n++) await sleep(0);
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(4 * MEBIBYTE);
    expect(after.rss - before.rss).toBeLessThan(50 * MEBIBYTE);
    for (const request of requests) request.cancel();
    for (const socket of sockets) socket.destroy();
    await Promise.allSettled(requests);
    await session.close();
    server.close();
  }));
