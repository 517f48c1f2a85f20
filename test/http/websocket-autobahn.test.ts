// The cases of the Autobahn test suite (its published list), against a server that echoes. What is
// only about the frames that are received is tested in test/native/websocket_frames_test.cc, cut in
// every way; here is what the server answers, and how the connection ends.
import { deflateRawSync, inflateRawSync } from 'node:zlib';

import { websocket } from 'oxbow/http';
import type { HttpServer } from 'oxbow/http';

import { withServer } from './serve-support.ts';
import { closeFrame, frame, WebSocketPeer } from './websocket-support.ts';

const echo = websocket({ message: (socket, message) => void socket.send(message) });
const more = { fin: false };
const CLOSE = closeFrame(1000);

interface Case {
  name: string;
  sent: Buffer[];
  heard: string[];
}

const of = (name: string, sent: Buffer[], heard: string[]): Case => ({ name, sent, heard });

const messages = [0, 125, 126, 127, 128, 65535, 65536].flatMap((size, index) => {
  const shownAs = (kind: string): string =>
    size > 100 ? `${kind} of ${size}` : `${kind} ${'*'.repeat(size)}`.trim();
  return [
    of(`1.1.${index + 1}`, [frame(1, '*'.repeat(size))], [shownAs('text')]),
    of(`1.2.${index + 1}`, [frame(2, '*'.repeat(size))], [shownAs('binary')]),
  ];
});

const pings = [
  of('2.1', [frame(9)], ['pong']),
  of('2.2', [frame(9, 'Hello, world!')], ['pong Hello, world!']),
  of('2.3', [frame(9, Buffer.from([0, 255, 254, 253]))], ['pong \0\xff\xfe\xfd']),
  of('2.4', [frame(9, Buffer.alloc(125, 0xfe))], ['pong of 125']),
  of(
    '2.5',
    [frame(9, Buffer.alloc(126, 0xfe))],
    ['close 1002 a control frame of more than 125 bytes'],
  ),
  of('2.7', [frame(10)], []),
  of('2.8', [frame(10, 'unsolicited')], []),
  of('2.9', [frame(10, 'unsolicited'), frame(9, 'ping')], ['pong ping']),
  of(
    '2.10',
    range(10).map((n) => frame(9, `p${n}`)),
    range(10).map((n) => `pong p${n}`),
  ),
];

const reserved = [
  ...range(7).map((n) =>
    of(
      `3.${n + 1}`,
      [frame(1, 'Hello'), frame(1, 'Hello', { rsv: n + 1 }), frame(9)],
      ['text Hello', 'close 1002 reserved bits are set'],
    ),
  ),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) =>
    of(
      `4, opcode ${opcode}`,
      [frame(1, 'Hello'), frame(opcode, 'x'), frame(9)],
      ['text Hello', 'close 1002 unknown opcode'],
    ),
  ),
];

const fragmented = 'close 1002 a control frame in fragments';
const stray = 'close 1002 a continuation of no message';
const fragments = [
  of('5.1', [frame(9, 'frag', more), frame(0, 'ment')], [fragmented]),
  of('5.2', [frame(10, 'frag', more), frame(0, 'ment')], [fragmented]),
  of('5.3', [frame(1, 'frag', more), frame(0, 'ment')], ['text fragment']),
  of('5.6', [frame(1, 'frag', more), frame(9, 'p'), frame(0, 'ment')], ['pong p', 'text fragment']),
  of('5.9', [frame(0, 'x'), frame(1, 'Hello')], [stray]),
  of('5.12', [frame(0, 'x', more), frame(1, 'Hello')], [stray]),
  of(
    '5.15',
    [frame(1, 'a', more), frame(0, 'b'), frame(0, 'c', more), frame(1, 'd', more)],
    ['text ab', stray],
  ),
  of('5.18', [frame(1, 'a', more), frame(1, 'b')], ['close 1002 a message within another']),
  of(
    '5.19',
    [
      frame(1, 'f1', more),
      frame(0, 'f2', more),
      frame(9, 'p1'),
      frame(0, 'f3', more),
      frame(0, 'f4', more),
      frame(9, 'p2'),
      frame(0, 'f5'),
    ],
    ['pong p1', 'pong p2', 'text f1f2f3f4f5'],
  ),
];

const valid = 'Hello-µ@ßöäüàá-UTF-8!!';
const invalid = Buffer.from('cebae1bdb9cf83cebcceb5eda080656469746564', 'hex');
const notUtf8 = 'close 1007 text that is not UTF-8';
const utf8 = [
  of('6.1.2', [frame(1, '', more), frame(0, '', more), frame(0)], ['text']),
  of('6.1.3', [frame(1, '', more), frame(0, 'middle', more), frame(0)], ['text middle']),
  of('6.2.1', [frame(1, valid)], [`text ${valid}`]),
  of(
    '6.2.3',
    [...Buffer.from(valid)].map((byte, n, all) =>
      frame(n === 0 ? 1 : 0, Buffer.from([byte]), { fin: n === all.length - 1 }),
    ),
    [`text ${valid}`],
  ),
  of('6.3.1', [frame(1, invalid)], [notUtf8]),
  of(
    '6.3.2',
    [...invalid].map((byte, n) => frame(n === 0 ? 1 : 0, Buffer.from([byte]), more)),
    [notUtf8],
  ),
  of(
    '6.4.1',
    [frame(1, invalid.subarray(0, 11), more), frame(0, invalid.subarray(11), more)],
    [notUtf8],
  ),
];

const ends = [
  of('7.1.1', [frame(1, 'Hello'), CLOSE], ['text Hello', 'close 1000']),
  of('7.1.2', [CLOSE, CLOSE], ['close 1000']),
  of('7.1.3', [CLOSE, frame(9)], ['close 1000']),
  of('7.1.4', [CLOSE, frame(1, 'late')], ['close 1000']),
  of('7.1.5', [frame(1, 'frag', more), CLOSE, frame(0, 'ment')], ['close 1000']),
  of(
    '7.1.6',
    [frame(1, '*'.repeat(262144)), frame(1, 'Hello'), CLOSE, frame(9)],
    ['text of 262144', 'text Hello', 'close 1000'],
  ),
  of('7.3.1', [frame(8)], ['close']),
  of('7.3.2', [frame(8, 'a')], ['close 1002 an invalid close code']),
  of('7.3.3', [closeFrame(1000)], ['close 1000']),
  of('7.3.4', [closeFrame(1000, 'Hello World!')], ['close 1000 Hello World!']),
  of('7.3.5', [closeFrame(1000, '*'.repeat(123))], [`close 1000 ${'*'.repeat(123)}`]),
  of(
    '7.3.6',
    [closeFrame(1000, '*'.repeat(124))],
    ['close 1002 a control frame of more than 125 bytes'],
  ),
  of('7.5.1', [closeFrame(1000, invalid)], [notUtf8]),
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map((code) =>
    of(`7.7, code ${code}`, [closeFrame(code)], [`close ${code}`]),
  ),
  ...[0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535].map((code) =>
    of(`7.9, code ${code}`, [closeFrame(code)], ['close 1002 an invalid close code']),
  ),
];

function range(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

async function play(server: HttpServer, { sent, heard }: Case, cut: number): Promise<void> {
  const peer = await WebSocketPeer.open(server);
  const all = Buffer.concat([...sent, CLOSE]);
  const size = Math.ceil(all.length / cut);
  for (let at = 0; at < all.length; at += size) {
    await peer.send(all.subarray(at, at + size));
    await new Promise(setImmediate);
  }
  const expected = heard.at(-1)?.startsWith('close') === true ? heard : [...heard, 'close 1000'];
  expect(await peer.hearAll()).toEqual(expected);
}

const groups = { messages, pings, reserved, fragments, utf8, ends };
describe.each(Object.entries(groups))('%s', (_group, cases) => {
  test('whole, and in pieces', () =>
    withServer({ routes: { '/': echo } }, async (server) => {
      for (const one of cases) {
        for (const cut of [1, 7]) {
          try {
            await play(server, one, cut);
          } catch (error) {
            throw new Error(`case ${one.name}, in ${cut}: ${(error as Error).message}`);
          }
        }
      }
    }));
});

test('9.1, 9.3: messages of up to 4 MiB, in fragments of 64 bytes, too', () =>
  withServer({ routes: { '/': echo } }, async (server) => {
    const peer = await WebSocketPeer.open(server);
    const large = Buffer.alloc(4 * 2 ** 20, 'binary');
    await peer.send(frame(2, large));
    const text = 'ä'.repeat(32 * 1024);
    const bytes = Buffer.from(text);
    const parts: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += 64) {
      const fin = at + 64 >= bytes.length;
      parts.push(frame(at === 0 ? 1 : 0, bytes.subarray(at, at + 64), { fin }));
    }
    await peer.send(...parts);
    await peer.hear(2);
    expect(peer.heard[0]!.payload.equals(large)).toBe(true);
    expect(peer.heard[1]!.payload.toString()).toBe(text);
  }));

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
      const packed = pack(valid);
      await peer.send(
        frame(1, packed, { rsv: 4 }),
        frame(1, packed.subarray(0, 5), { rsv: 4, fin: false }),
        frame(9, 'p'),
        frame(0, packed.subarray(5)),
        frame(1, pack(''), { rsv: 4 }),
        frame(1, deflateRawSync(valid), { rsv: 4 }),
        frame(1, packed, { rsv: 4 }),
      );
      await peer.hear(6);
      const texts = peer.heard.filter(({ opcode }) => opcode === 1);
      expect(texts.map(({ payload }) => unpack(payload).toString())).toEqual([
        valid,
        valid,
        '',
        valid,
        valid,
      ]);
    }));

  test.each([
    [
      'what is not packed',
      Buffer.from('not packed at all'),
      'close 1007 the message cannot be unpacked',
    ],
    ['text that is not UTF-8', pack(invalid), notUtf8],
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
