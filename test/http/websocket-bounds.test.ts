// What a peer can make a WebSocket hold, in bytes: floods of tiny frames, of empty fragments, of
// pings, bombs, and peers that never read. And what becomes of those who are silent meanwhile.
import { deflateRawSync } from 'node:zlib';

import { run, sleep } from 'oxbow';
import { connectWebSocket, serve, websocket } from 'oxbow/http';
import type { WebSocketConnection } from 'oxbow/http';

import { authority, serverCertificate } from '../support/certificates.ts';
import { collectGarbage } from '../support/garbage.ts';
import { bothHalves } from '../tls/halves.ts';
import { withServer, withVirtualServer } from './serve-support.ts';
import { closeFrame, frame, VirtualPeer, WebSocketPeer } from './websocket-support.ts';

const MIB = 2 ** 20;

/** Bytes of messages and Buffers that are held. */
function held(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Gives Node and the loop time to move what can be moved. */
async function settle(): Promise<void> {
  for (let n = 0; n < 200; n++) await new Promise(setImmediate);
}

/** One piece of memory that is sent many times: the peer itself then holds next to nothing. */
function flood(one: Buffer, bytes: number): Buffer {
  return Buffer.concat(Array.from({ length: Math.ceil(bytes / one.length) }, () => one));
}

const idle = websocket(function* () {
  yield* sleep(1000);
});
const echo = websocket({ message: (socket, message) => void socket.send(message) });

test.each([
  ['one byte of text', frame(1, 'x')],
  ['one byte', frame(2, 'x')],
  ['nothing', frame(2)],
  ['4 KiB', frame(2, Buffer.alloc(4096))],
  ['16 KiB', frame(2, Buffer.alloc(16_384))],
  ['60 KiB', frame(2, Buffer.alloc(60_000))],
])('64 MiB of messages of %s that nobody takes: 2 MiB', (_name, one) =>
  withServer({ routes: { '/': idle } }, async (server) => {
    const peer = await WebSocketPeer.open(server);
    const piece = flood(one, 64 * 1024);
    await settle();
    const before = held();
    for (let n = 0; n < 1024; n++) peer.socket.write(piece);
    await settle();
    expect(peer.socket.writableLength).toBeGreaterThan(32 * MIB);
    expect(held() - before).toBeLessThan(2 * MIB);
    peer.close();
  }),
);

test('16 MiB of empty fragments: 1 MiB, and others are served meanwhile', () =>
  withServer({ routes: { '/': echo } }, async (server) => {
    const peer = await WebSocketPeer.open(server);
    const other = await WebSocketPeer.open(server);
    const piece = flood(frame(0, '', { fin: false }), 64 * 1024);
    await peer.send(frame(1, 'a', { fin: false }));
    const before = held();
    for (let n = 0; n < 256; n++) peer.socket.write(piece);
    await other.send(frame(1, 'meanwhile'));
    expect(await other.hear(1)).toEqual(['text meanwhile']);
    await peer.send(frame(0, 'b', { fin: false }));
    expect(held() - before).toBeLessThan(MIB);
    await peer.send(frame(0, 'c'));
    expect(await peer.hear(1)).toEqual(['text abc']);
  }));

test('8 MiB of pings from a peer that does not read: 2 MiB, and the last is answered', () =>
  withServer({ routes: { '/': echo } }, async (server) => {
    const peer = await WebSocketPeer.open(server);
    peer.socket.pause();
    const piece = flood(frame(9, 'p'.repeat(125)), 64 * 1024);
    const before = held();
    for (let n = 0; n < 128; n++) peer.socket.write(piece);
    await peer.send(frame(9, 'last'));
    // Less what waits in the peer, and what the answers are once they are read.
    expect(held() - before).toBeLessThan(2 * MIB);
    peer.socket.resume();
    await peer.until(() => peer.heard.at(-1)?.payload.toString() === 'last');
  }));

test('a bomb of 256 MiB in 256 KiB: 8 MiB', () =>
  withServer(
    { routes: { '/': websocket({ compression: true, maxMessageSize: MIB }) } },
    async (server) => {
      const extensions = { 'sec-websocket-extensions': 'permessage-deflate' };
      const peer = await WebSocketPeer.open(server, '/', extensions);
      const packed = deflateRawSync(Buffer.alloc(256 * MIB), { finishFlush: 2 });
      const before = process.memoryUsage().rss;
      await peer.send(frame(1, packed, { rsv: 4 }));
      expect(await peer.hear(1)).toEqual(['close 1009 the message is too large']);
      expect(process.memoryUsage().rss - before).toBeLessThan(8 * MIB);
    },
  ));

test('64 messages of 1 MiB, packed into 64 KiB, that nobody takes: 8 MiB', () =>
  withServer(
    {
      routes: {
        '/': websocket(
          function* () {
            yield* sleep(1000);
          },
          { compression: true },
        ),
        '/echo': websocket({
          compression: true,
          message: (socket, message) => void socket.send(String(message.length)),
        }),
      },
    },
    async (server) => {
      const extensions = { 'sec-websocket-extensions': 'permessage-deflate' };
      const packed = deflateRawSync(Buffer.alloc(MIB), { finishFlush: 2 });
      const one = frame(2, packed, { rsv: 4 });
      const all = Array.from({ length: 64 }, () => one);
      const peer = await WebSocketPeer.open(server, '/', extensions);
      await settle();
      const before = held();
      await peer.send(...all);
      await settle();
      expect(held() - before).toBeLessThan(8 * MIB);
      peer.close();
      const eager = await WebSocketPeer.open(server, '/echo', extensions);
      await eager.send(...all);
      expect(await eager.hear(64)).toEqual(Array(64).fill(`text ${MIB}`));
    },
  ));

test.each(['close', 'drop'] as const)('a peer that never reads, overflow: %s', (overflow) => {
  const results = new Set<string>();
  let amount = 0;
  let socket: WebSocketConnection | null = null;
  const route = websocket({
    maxBackpressure: 4 * MIB,
    overflow,
    open: (one) => {
      socket = one;
    },
  });
  return withServer({ routes: { '/': route } }, async (server) => {
    const peer = await WebSocketPeer.open(server);
    peer.socket.pause();
    const before = held();
    for (let n = 0; n < 200; n++) {
      for (let m = 0; m < 64; m++) results.add(socket!.send('x'.repeat(4096)));
      amount = Math.max(amount, socket!.bufferedAmount);
      await new Promise(setImmediate);
    }
    expect(results).toEqual(new Set(['sent', 'queued', 'dropped']));
    expect(amount).toBeGreaterThan(3 * MIB);
    expect(amount).toBeLessThanOrEqual(4 * MIB);
    expect(socket!.open).toBe(overflow === 'drop');
    expect(held() - before).toBeLessThan(6 * MIB);
    peer.close();
  });
});

test.each([
  ['a close frame', closeFrame(1000), ['close 1000']],
  ['what is no frame', Buffer.from('no frame'), ['close 1002 reserved bits are set']],
])('a peer that goes on and on behind %s is stopped', (_name, end, heard) =>
  withServer({ routes: { '/': echo } }, async (server) => {
    const peer = await WebSocketPeer.open(server);
    const piece = flood(frame(2, Buffer.alloc(1000)), 64 * 1024);
    const before = held();
    peer.socket.write(end);
    for (let n = 0; n < 512 && !peer.closed; n++) peer.socket.write(piece);
    expect(await peer.hear(1)).toEqual(heard);
    await settle();
    expect(held() - before).toBeLessThan(2 * MIB);
    expect(peer.heard.length).toBe(1);
  }),
);

describe('silence while messages are not taken', () => {
  const flooded = Buffer.concat(Array.from({ length: 100 }, () => frame(1, 'x')));

  test('a peer that takes what is sent lives on', () =>
    withVirtualServer(
      {
        routes: {
          '/': websocket(
            function* () {
              yield* sleep(1000);
            },
            { idleTimeout: 0.4 },
          ),
        },
      },
      async (server) => {
        const peer = await VirtualPeer.open(server);
        await peer.send(flooded);
        expect(await peer.hear(2)).toEqual(['ping', 'ping']);
        expect(server.connections).toBe(1);
        peer.close();
      },
    ));

  test('one that takes nothing is dropped, and that more is sent keeps it no longer', () => {
    let ended: string | null = null;
    const route = websocket(
      function* (socket) {
        for (let n = 0; n < 64; n++) socket.send(Buffer.alloc(256 * 1024));
        while (socket.open) {
          socket.send('more');
          yield* sleep(0.005);
        }
        ended = socket.closeReason;
      },
      { idleTimeout: 0.08, maxBackpressure: 64 * MIB },
    );
    return withServer({ routes: { '/': route } }, async (server) => {
      const peer = await WebSocketPeer.open(server);
      peer.socket.pause();
      await peer.send(flooded);
      while (server.connections > 0) await sleep(0.01);
      expect(ended).toBe('nothing came for too long');
      peer.close();
    });
  });
});

test('bytes of a message stay what they are, whatever its size and what comes with it', () => {
  const kept: Buffer[] = [];
  const texts: string[] = [];
  const route = websocket({
    message: (socket, message) => {
      if (typeof message !== 'string') kept.push(message);
      else texts.push(message);
      if (message === 'last') socket.send('all');
    },
  });
  return withServer({ routes: { '/': route } }, async (server) => {
    const sizes = [0, 1, 2048, 2049, 16_383, 16_384, 20_000, 60_000, 65_535, 65_536, 150_000];
    const rounds = Array.from({ length: 4 }, (_, round) =>
      sizes.map((size, n) => Buffer.alloc(size, round * 16 + n)),
    );
    const peers = [await WebSocketPeer.open(server), await WebSocketPeer.open(server)];
    for (const peer of peers) {
      for (const round of rounds) {
        await peer.send(...round.flatMap((bytes) => [frame(2, bytes), frame(1, 'x'.repeat(9000))]));
        // One alone, and one that comes cut.
        await peer.send(frame(2, round[5]!));
        const cut = frame(2, round[7]!);
        await peer.send(cut.subarray(0, 30_000));
        await new Promise(setImmediate);
        await peer.send(cut.subarray(30_000));
      }
      await peer.send(frame(1, 'last'));
      expect(await peer.hear(1)).toEqual(['text all']);
    }
    const sent = rounds.flatMap((round) => [...round, round[5]!, round[7]!]);
    const expected = [...sent, ...sent];
    expect(kept.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
    expect(kept.findIndex((bytes, n) => !bytes.equals(expected[n]!))).toBe(-1);
    expect(texts.filter((text) => text === 'x'.repeat(9000)).length).toBe(2 * sent.length - 16);
  });
});

test('what is lent is overwritten, and what a coroutine waits with is not', () => {
  const kept: Buffer[] = [];
  const texts: string[] = [];
  const route = websocket({
    transient: true,
    async message(socket, message) {
      kept.push(message as Buffer);
      texts.push((message as Buffer).toString('latin1', 0, 4));
      if (kept.length === 1) await sleep(0.01);
      socket.send(message);
    },
  });
  return withServer({ routes: { '/': route } }, async (server) => {
    const peer = await WebSocketPeer.open(server);
    for (const letter of 'abcdefgh') await peer.send(frame(2, letter.repeat(30_000)));
    await peer.hear(8);
    expect(texts).toEqual([...'abcdefgh'].map((letter) => letter.repeat(4)));
    // Only the first stood in memory that was used again.
    const last = peer.heard.slice(1).map(({ payload }) => payload.toString('latin1', 0, 4));
    expect(last).toEqual(texts.slice(1));
  });
});

describe.each(bothHalves())('over TLS, through %s', (_name, half) => {
  beforeAll(half.use);
  afterAll(half.restore);

  test('messages of all sizes both ways, pings, and the close', () =>
    run(async () => {
      const root = await authority('root');
      const { chain, key } = await serverCertificate(root);
      const ends: unknown[] = [];
      const server = await serve({
        hostname: 'localhost',
        tls: { cert: chain, key },
        routes: {
          '/': websocket({
            message: (socket, message) => void socket.send(message),
            close: (_socket, code, reason) => void ends.push(code, reason),
            compression: true,
          }),
        },
      });
      try {
        for (const compression of [false, true]) {
          const socket = await connectWebSocket(server.url, {
            tls: { ca: root.cert },
            compression,
          });
          const messages = ['', 'a', 'ä'.repeat(70_000), Buffer.alloc(MIB, 7), Buffer.alloc(64, 1)];
          for (const message of messages) {
            socket.send(message);
            expect(await socket.receive()).toEqual(message);
          }
          await socket.ping('there');
          await socket.close(4001, 'enough');
          expect(socket.closeCode).toBe(4001);
        }
        const broken = await connectWebSocket(server.url, { tls: { ca: root.cert } });
        broken.abort();
        while (ends.length < 6) await sleep(0.001);
        expect(ends).toEqual([4001, 'enough', 4001, 'enough', 1006, '']);
      } finally {
        server.close();
        await server.waitClosed();
      }
    }));
});
