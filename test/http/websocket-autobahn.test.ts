// The cases of the Autobahn test suite (autobahn-cases.ts), against a server that echoes and
// against a client that does. How frames are cut on their way is also tested in
// test/native/websocket_frames_test.cc, in every way.
import type { AddressInfo } from 'node:net';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

import { run } from 'oxbow';
import { connectWebSocket, WebSocket, websocket } from 'oxbow/http';
import { WebSocket as WsClient, WebSocketServer } from 'ws';

import { CLOSE_NORMAL, INVALID, SECTIONS, VALID } from './autobahn-cases.ts';
import type { Case } from './autobahn-cases.ts';
import { withServer } from './serve-support.ts';
import { frame, HostPeer, WebSocketPeer } from './websocket-support.ts';
import type { Talker } from './websocket-support.ts';

const echo = websocket({ message: (socket, message) => void socket.send(message) });
const notUtf8 = 'close 1007 text that is not UTF-8';

async function play(peer: Talker, { sent, heard, chop }: Case, masked: boolean): Promise<void> {
  const all = [...sent, CLOSE_NORMAL].map(({ opcode, data, fin, rsv }) =>
    frame(opcode, data, { fin, rsv, masked }),
  );
  if (chop === undefined) void peer.send(...all);
  else {
    const bytes = Buffer.concat(all);
    for (let at = 0; at < bytes.length; at += chop) {
      await peer.send(bytes.subarray(at, at + chop));
      // Small enough for each to come alone.
      if (bytes.length < 1000) await new Promise(setImmediate);
    }
  }
  const expected = heard.at(-1)?.startsWith('close') === true ? heard : [...heard, 'close 1000'];
  expect(await peer.hearAll()).toEqual(expected);
  // Echoes are whole messages, as large as what was sent; and the same.
  const whole = Buffer.concat(sent.filter((one) => one.opcode < 3).map(({ data }) => data));
  for (const { opcode, payload } of peer.heard) {
    if (opcode < 3 && payload.length === whole.length) expect(payload.equals(whole)).toBe(true);
  }
}

async function playAll(cases: Case[], one: (of: Case) => Promise<void>): Promise<void> {
  for (const each of cases) {
    try {
      await one(each);
    } catch (error) {
      throw new Error(`case ${each.name}: ${(error as Error).message}`);
    }
  }
}

describe.each(Object.entries(SECTIONS))('%s', (_section, cases) => {
  test('a server', () =>
    withServer({ routes: { '/': echo } }, (server) =>
      playAll(cases, async (one) => play(await WebSocketPeer.open(server), one, true)),
    ));

  test('a client', () =>
    run(() =>
      playAll(cases, async (one) => {
        const host = await HostPeer.start();
        try {
          const client = new WebSocket(host.url);
          client.binaryType = 'arraybuffer';
          client.onmessage = ({ data }) => client.send(data);
          const closed = new Promise((resolve) => client.addEventListener('close', resolve));
          await play(host, one, false);
          await closed;
        } finally {
          host.close();
        }
      }),
    ));
});

test('the list is the whole of it', () => {
  const names = Object.values(SECTIONS).flatMap((cases) => cases.map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
  const count = (section: string): number =>
    names.filter((name) => name.startsWith(`${section}.`)).length;
  expect(['1', '2', '3', '4', '5', '6', '7', '9', '10'].map(count)).toEqual([
    16, 11, 7, 10, 20, 145, 37, 54, 1,
  ]);
});

describe('12, 13: permessage-deflate', () => {
  const OFFERS: Array<[offer: string, answer: string | null]> = [
    ['permessage-deflate', 'permessage-deflate'],
    [
      'permessage-deflate; server_no_context_takeover',
      'permessage-deflate; server_no_context_takeover',
    ],
    [
      'permessage-deflate; client_no_context_takeover',
      'permessage-deflate; client_no_context_takeover',
    ],
    ['permessage-deflate; client_max_window_bits', 'permessage-deflate'],
    ['permessage-deflate; client_max_window_bits="9"', 'permessage-deflate'],
    [
      'permessage-deflate; server_max_window_bits=9',
      'permessage-deflate; server_max_window_bits=9',
    ],
    ['permessage-deflate; server_max_window_bits=8, permessage-deflate', 'permessage-deflate'],
    ['permessage-deflate; server_max_window_bits=16', null],
    ['permessage-deflate; unknown', null],
    ['permessage-deflate; server_no_context_takeover; server_no_context_takeover', null],
    ['x-webkit-deflate-frame', null],
    ['permessage-deflate; =', null],
  ];
  const packing = websocket({
    message: (socket, message) => void socket.send(message),
    compression: { threshold: 0, contextTakeover: true },
    maxMessageSize: 2 ** 20,
  });

  test.each(OFFERS)('%s', (offer, answer) =>
    withServer({ routes: { '/': packing } }, async (server) => {
      const peer = await WebSocketPeer.open(server, '/', { 'sec-websocket-extensions': offer });
      const told = /sec-websocket-extensions: (.*)\r\n/i.exec(peer.head)?.[1] ?? null;
      expect(told).toBe(answer);
      await peer.send(frame(1, 'plain'));
      await peer.hear(1);
      const [heard] = peer.heard;
      expect(heard!.packed).toBe(answer !== null);
      const payload = answer === null ? heard!.payload : unpack(heard!.payload);
      expect(payload.toString()).toBe('plain');
    }),
  );

  test('contexts are kept, or not, as agreed', () =>
    withServer({ routes: { '/': packing } }, async (server) => {
      const words = 'words that are said again and again; '.repeat(3);
      for (const [offer, shrinks] of [
        ['permessage-deflate', true],
        ['permessage-deflate; server_no_context_takeover', false],
      ] as const) {
        const peer = await WebSocketPeer.open(server, '/', { 'sec-websocket-extensions': offer });
        await peer.send(frame(1, words), frame(1, words));
        await peer.hear(2);
        const [first, second] = peer.heard.map(({ payload }) => payload.length);
        expect(second! < first!).toBe(shrinks);
      }
    }));

  test('packed messages: whole, in fragments, empty, with a last block', () =>
    withServer({ routes: { '/': packing } }, async (server) => {
      const offer = 'permessage-deflate; client_no_context_takeover; server_no_context_takeover';
      const peer = await WebSocketPeer.open(server, '/', { 'sec-websocket-extensions': offer });
      const packed = pack(VALID);
      await peer.send(
        frame(1, packed, { rsv: 4 }),
        frame(1, packed.subarray(0, 5), { rsv: 4, fin: false }),
        frame(9, 'p'),
        frame(0, packed.subarray(5)),
        frame(1, pack(''), { rsv: 4 }),
        frame(1, deflateRawSync(VALID), { rsv: 4 }),
        frame(1, packed, { rsv: 4 }),
      );
      await peer.hear(6);
      const texts = peer.heard.filter(({ opcode }) => opcode === 1);
      expect(texts.map(({ payload }) => unpack(payload).toString())).toEqual([
        VALID,
        VALID,
        '',
        VALID,
        VALID,
      ]);
    }));

  test('messages of nothing, one behind the other, with contexts and without', () =>
    withServer({ routes: { '/': packing } }, async (server) => {
      const messages = ['', '', 'a', '', '', Buffer.alloc(0), 'b', ''];
      for (const contextTakeover of [true, false]) {
        const socket = await connectWebSocket(server.url, {
          compression: { threshold: 0, contextTakeover },
        });
        for (const message of messages) socket.send(message);
        for (const message of messages) expect(await socket.receive()).toEqual(message);
        await socket.close();
        expect(socket.closeCode).toBe(1000);
      }
      const offer = { 'sec-websocket-extensions': 'permessage-deflate' };
      const peer = await WebSocketPeer.open(server, '/', offer);
      await peer.send(frame(1, 'a'), frame(1), frame(1), frame(1, 'a'));
      await peer.hear(4);
      expect(peer.heard[1]!.payload.toString('hex')).toBe('00');
      expect(peer.heard[2]!.payload.toString('hex')).toBe('00');
    }));

  test.each([
    [
      'what is not packed',
      Buffer.from('not packed at all'),
      'close 1007 the message cannot be unpacked',
    ],
    ['text that is not UTF-8', pack(INVALID), notUtf8],
    ['a bomb', pack(Buffer.alloc(64 * 2 ** 20)), 'close 1009 the message is too large'],
  ])('%s', (_name, payload, heard) =>
    withServer({ routes: { '/': packing } }, async (server) => {
      const peer = await WebSocketPeer.open(server, '/', {
        'sec-websocket-extensions': 'permessage-deflate',
      });
      await peer.send(frame(1, payload, { rsv: 4 }));
      await peer.hear(1);
      expect(peer.heard.map(({ payload: reason }) => reason.readUInt16BE(0))).toEqual([
        Number(heard.split(' ')[1]),
      ]);
      peer.close();
      // The others' coders are as they were.
      const next = await WebSocketPeer.open(server, '/', {
        'sec-websocket-extensions': 'permessage-deflate',
      });
      await next.send(frame(1, pack('still here'), { rsv: 4 }));
      await next.hear(1);
      expect(unpack(next.heard[0]!.payload).toString()).toBe('still here');
    }),
  );
});

describe('12, 13: every window, with and without contexts, with ws', () => {
  const SIZES = [16, 64, 256, 1024, 4096, 8192, 32_768, 131_072];
  const messages = SIZES.map((size) => 'lorem ipsum dolor sit amet '.repeat(5000).slice(0, size));
  const variants = [9, 10, 11, 12, 13, 14, 15].flatMap((bits) =>
    [0, 1, 2, 3].map((contexts) => ({
      threshold: 0,
      serverMaxWindowBits: bits,
      clientMaxWindowBits: bits,
      ...((contexts & 1) === 0 ? {} : { serverNoContextTakeover: true }),
      ...((contexts & 2) === 0 ? {} : { clientNoContextTakeover: true }),
    })),
  );

  test.each([true, false])('a server, which keeps contexts: %s', (contextTakeover) =>
    withServer(
      {
        routes: {
          '/': websocket({
            message: (socket, message) => void socket.send(message),
            compression: { threshold: 0, contextTakeover },
          }),
        },
      },
      async (server) => {
        for (const perMessageDeflate of variants) {
          const client = new WsClient(server.url.replace('http', 'ws'), { perMessageDeflate });
          const got: string[] = [];
          await new Promise<void>((resolve, reject) => {
            client.on('error', reject);
            client.on('close', () => resolve());
            client.on('open', () => [...messages, ...messages].forEach((one) => client.send(one)));
            client.on('message', (data) => {
              if (got.push(String(data)) === messages.length * 2) client.close();
            });
          });
          expect(client.extensions).toContain('permessage-deflate');
          expect(got).toEqual([...messages, ...messages]);
        }
      },
    ),
  );

  test.each([true, false])('a client, which keeps contexts: %s', (contextTakeover) =>
    run(async () => {
      for (const perMessageDeflate of variants) {
        const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate });
        server.on('connection', (socket) =>
          socket.on('message', (data) => socket.send(String(data))),
        );
        await new Promise((resolve) => server.on('listening', resolve));
        const { port } = server.address() as AddressInfo;
        const client = await connectWebSocket(`ws://127.0.0.1:${port}/`, {
          compression: { threshold: 0, contextTakeover },
        });
        expect(client.compressed).toBe(true);
        for (const message of [...messages, ...messages]) client.send(message);
        for (const message of [...messages, ...messages])
          expect(await client.receive()).toBe(message);
        await client.close();
        server.close();
      }
    }),
  );
});

/** As a peer packs: flushed, and without its last four bytes. */
function pack(data: string | Uint8Array): Buffer {
  const whole = deflateRawSync(data, { finishFlush: 2 });
  return whole.subarray(0, whole.length - 4);
}

function unpack(payload: Buffer): Buffer {
  return inflateRawSync(Buffer.concat([payload, Buffer.from([0, 0, 255, 255])]), {
    finishFlush: 2,
  });
}
