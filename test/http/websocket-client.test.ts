// WebSockets of a client: against servers of ours, of `ws`, and such as break the rules; Node's own
// WebSocket against a server of ours; and the shape that browsers have.
import net from 'node:net';
import type { AddressInfo } from 'node:net';

import { run, sleep } from 'oxbow';
import { ClientSession, connectWebSocket, serve, WebSocket, websocket } from 'oxbow/http';
import type { ClientWebSocketOptions, HttpServer } from 'oxbow/http';
import { WebSocket as UndiciWebSocket } from 'undici';
import { WebSocketServer } from 'ws';

import { authority, serverCertificate } from '../support/certificates.ts';
import { onOpen, withServer } from './serve-support.ts';
import { acceptOf, closeFrame, frame, FrameReader, granted, shown } from './websocket-support.ts';

const echo = websocket({
  open: (socket) => void socket.send('welcome'),
  message: (socket, message) => void socket.send(message),
  compression: { threshold: 10 },
  protocols: ['p', 'q'],
});

const MESSAGES = ['a', 'hello '.repeat(100), 'ä'.repeat(70_000), Buffer.alloc(300_000, 3), ''];

/** A server that answers a handshake as it is told, and then says what it is told to say. */
async function withRaw(
  answer: (accept: string, socket: net.Socket) => string | Buffer,
  body: (url: string, heard: FrameReader) => Promise<void>,
): Promise<void> {
  const heard = new FrameReader(true);
  const server = net.createServer((socket) => {
    onOpen(socket);
    let head = '';
    let open = false;
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      if (open) {
        heard.add(bytes);
        return;
      }
      head += bytes.toString('latin1');
      if (!head.endsWith('\r\n\r\n')) return;
      open = true;
      socket.write(answer(acceptOf(head), socket));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await run(() => body(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, heard));
  } finally {
    server.close();
  }
}

const plain = { masked: false };

async function exchange(url: string, options: ClientWebSocketOptions): Promise<void> {
  const socket = await connectWebSocket(url, options);
  expect(await socket.receive()).toBe('welcome');
  for (const message of MESSAGES) {
    expect(socket.send(message)).not.toBe('dropped');
    expect(await socket.receive()).toEqual(message);
  }
  await socket.ping('x');
  await socket.close(3000, 'done');
  expect(socket.closed).toBe(true);
  expect(socket.closeCode).toBe(3000);
}

const COMPRESSIONS = [false, true, { threshold: 0, contextTakeover: true, level: 9 }];

test.each(COMPRESSIONS)('a server of ours, compression %j', (compression) =>
  withServer({ routes: { '/': echo } }, (server) =>
    exchange(server.url.replace('http', 'ws'), { compression }),
  ),
);

test.each(COMPRESSIONS)('a server of ws, compression %j', async (compression) => {
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    perMessageDeflate: { threshold: 5 },
  });
  server.on('connection', (socket) => {
    socket.send('welcome');
    socket.on('message', (data: Buffer, binary: boolean) => socket.send(data, { binary }));
  });
  await new Promise((resolve) => server.on('listening', resolve));
  await run(() =>
    exchange(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, { compression }),
  );
  server.close();
});

test('wss', async () => {
  const root = await authority('root');
  const { chain: cert, key } = await serverCertificate(root);
  await run(async () => {
    const server = await serve({
      hostname: 'localhost',
      routes: { '/': echo },
      tls: { cert, key },
    });
    const url = server.url.replace('https', 'wss');
    await exchange(url, { tls: { ca: root.cert }, compression: true });
    const untrusted = connectWebSocket(url).then();
    await expect(untrusted).rejects.toMatchObject({ name: 'ClientConnectorCertificateError' });
    await server.shutdown();
  });
});

test('the generator lane, and a session', () =>
  run(function* () {
    const server = yield* serve({ routes: { '/echo': echo } });
    const session = new ClientSession({
      baseUrl: server.url,
      headers: { 'x-mine': '1' },
      limit: 1,
    });
    const sockets = [];
    for (let n = 0; n < 3; n++)
      sockets.push(yield* session.websocket('/echo', { protocols: ['q'] }));
    const [first] = sockets;
    expect(first!.protocol).toBe('q');
    expect(yield* first!.receive()).toBe('welcome');
    expect(() => first!.subscribe('topic')).toThrow('topics are a server');
    expect(String(first)).toBe('WebSocketConnection { open, q }');
    yield* session.close();
    expect(sockets.map((socket) => socket.closeCode)).toEqual([1001, 1001, 1001]);
    expect(yield* first!.next()).toEqual({ done: true, value: undefined });
    yield* server.shutdown();
    expect(server.connections).toBe(0);
  }));

describe('what a server may not do', () => {
  const answers: Array<[name: string, message: RegExp, (accept: string) => string]> = [
    [
      'another status',
      /404 the server grants no/,
      () => 'HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n',
    ],
    [
      'a redirection',
      /302 the server grants no/,
      () => 'HTTP/1.1 302 S\r\nLocation: /\r\nContent-Length: 0\r\n\r\n',
    ],
    ['another answer to the key', /no answer to the key/, () => granted('AAAA')],
    [
      'another protocol',
      /another protocol/,
      (accept) => granted(accept).replace('WebSocket', 'h2c'),
    ],
    [
      'a sub-protocol',
      /not offered: x/,
      (accept) => granted(accept, 'Sec-WebSocket-Protocol: x\r\n'),
    ],
    [
      'an extension',
      /not offered: x/,
      (accept) => granted(accept, 'Sec-WebSocket-Extensions: x\r\n'),
    ],
  ];
  test.each(answers)('%s', (_name, message, answer) =>
    withRaw(answer, async (url) => {
      const failed = connectWebSocket(url).then();
      await expect(failed).rejects.toMatchObject({ name: 'WebSocketHandshakeError', message });
    }),
  );

  const frames: Array<[name: string, sent: Buffer, code: number]> = [
    ['masks', frame(1, 'x'), 1002],
    ['text that is not UTF-8', frame(1, Buffer.from([0xff]), plain), 1007],
    ['a message that is too large', frame(2, Buffer.alloc(2000), plain), 1009],
    ['reserved bits', frame(1, 'x', { ...plain, rsv: 4 }), 1002],
  ];
  test.each(frames)('%s', (_name, sent, code) =>
    withRaw(
      (accept) => Buffer.concat([Buffer.from(granted(accept)), sent]),
      async (url, heard) => {
        const socket = await connectWebSocket(url, { maxMessageSize: 1000, closeTimeout: 0.02 });
        await expect(socket.receive().then()).rejects.toMatchObject({ closeCode: code });
        let first = heard.next();
        for (; first === null; first = heard.next()) await sleep(0.001);
        expect(shown(first)).toMatch(new RegExp(`^close ${code}`));
      },
    ),
  );
});

test('frames that come with the answer, and an end with them', () =>
  withRaw(
    (accept, socket) => {
      setImmediate(() => socket.end());
      return Buffer.concat([
        Buffer.from(granted(accept)),
        frame(1, 'at once', plain),
        closeFrame(1001, 'bye', false),
      ]);
    },
    async (url) => {
      const socket = await connectWebSocket(url);
      const all: unknown[] = [];
      for await (const message of socket) all.push(message);
      expect(all).toEqual(['at once']);
      expect([socket.closeCode, socket.closeReason]).toEqual([1001, 'bye']);
    },
  ));

test('no answer at all: timeout, signal and cancel end the handshake', () =>
  withRaw(
    () => '',
    async (url) => {
      const late = connectWebSocket(url, { timeout: 0.02 }).then();
      await expect(late).rejects.toMatchObject({ name: 'ServerTimeoutError' });
      const controller = new AbortController();
      const aborted = connectWebSocket(url, { signal: controller.signal }).then();
      await sleep(0.005);
      controller.abort();
      await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
      const cancelled = connectWebSocket(url);
      await sleep(0.005);
      cancelled.cancel();
      await expect(cancelled.then()).rejects.toMatchObject({ name: 'CancelledError' });
    },
  ));

const wrong: Array<[message: RegExp, options: unknown]> = [
  [/there is no option 'protocol'; did you mean 'protocols'/, { protocol: 'a' }],
  [/protocols must be different names/, { protocols: ['a', 'a'] }],
  [/protocols must be an array of strings/, { protocols: 'a' }],
  [/upgrade is part of the handshake/, { headers: { upgrade: 'h2c' } }],
  [/tls must be true, options or a TlsContext/, { tls: false }],
];
test.each(wrong)('%s', (message, options) =>
  run(async () => {
    const failed = connectWebSocket('wss://127.0.0.1:1/', options as never).then();
    await expect(failed).rejects.toMatchObject({ message });
  }),
);

/** What a WebSocket of browsers' shape tells, until it is closed. */
function story(
  socket: WebSocket | InstanceType<typeof UndiciWebSocket>,
  count: number,
): Promise<unknown[]> {
  const told: unknown[] = [];
  const any = socket as WebSocket;
  any.binaryType = 'arraybuffer';
  return new Promise((resolve) => {
    any.onopen = () => {
      told.push('open');
      any.send('one');
      any.send(new Blob(['two']));
      any.send(new Uint8Array([1, 2, 3]));
      any.send('four');
    };
    any.addEventListener('message', ({ data }: any) => {
      told.push(typeof data === 'string' ? data : Buffer.from(data as ArrayBuffer).toString('hex'));
      if (told.length === count) any.close(3001, 'enough');
    });
    any.onerror = () => void told.push('error');
    any.onclose = ({ code, reason, wasClean }) => {
      told.push(code, reason, wasClean);
      resolve(told);
    };
  });
}

const TOLD = ['open', 'welcome', 'one', '74776f', '010203', 'four', 3001, 'enough', true];

test("WHATWG's shape, and undici's, tell the same", () =>
  withServer({ routes: { '/': echo } }, async (server: HttpServer) => {
    const url = server.url.replace('http', 'ws');
    const ours = new WebSocket(url, 'p');
    expect([ours.readyState, ours.url, ours.protocol]).toEqual([0, url, '']);
    expect(() => ours.send('early')).toThrow('still connecting');
    expect(await story(ours, 6)).toEqual(TOLD);
    expect([ours.readyState, ours.protocol, ours.extensions]).toEqual([3, 'p', '']);
    expect(await story(new UndiciWebSocket(url, 'p'), 6)).toEqual(TOLD);
  }));

/** All events of one, with what it said of itself in them. */
async function events(
  url: string,
  act: (socket: WebSocket, told: unknown[]) => unknown,
): Promise<unknown[]> {
  const told: unknown[] = [];
  const socket = new WebSocket(url);
  const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
  for (const type of ['open', 'message', 'error', 'close']) {
    socket.addEventListener(type, (event: any) => {
      const { data, code, reason, wasClean } = event;
      const about = type === 'close' ? ` ${code} ${reason} ${wasClean}` : '';
      told.push(`${type}${typeof data === 'string' ? ` ${data}` : about} ${socket.readyState}`);
    });
  }
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  await act(socket, told);
  await closed;
  return told;
}

test("WHATWG's shape: what is sent waits, however much it is", () =>
  withServer(
    {
      routes: {
        '/': websocket({ message: (socket, { length }) => void socket.send(`${length}`) }),
      },
    },
    async (server) => {
      const told = await events(server.url, (socket) => {
        let count = 0;
        socket.onmessage = () => void (++count === 9 && socket.close());
        for (let n = 0; n < 8; n++) socket.send(new Uint8Array(2 ** 20));
        expect(socket.bufferedAmount).toBeGreaterThan(2 ** 20);
        socket.send('last');
      });
      const all = Array(8).fill(`message ${2 ** 20} 1`);
      expect(told).toEqual(['open 1', ...all, 'message 4 1', 'close 1005  true 3']);
    },
  ));

test("WHATWG's shape: codes and reasons as they are sent", () => {
  const ends: unknown[] = [];
  const route = websocket({ close: (_socket, code, reason) => void ends.push(code, reason) });
  return withServer({ routes: { '/': route } }, async (server) => {
    for (const [args, code, reason] of [
      [[], 1005, ''],
      [[undefined, 'only why'], 1000, 'only why'],
      [[3000.7, ''], 3001, ''],
      [[3002.5], 3002, ''],
      [['4000', 'text'], 4000, 'text'],
      [[1000, '\ud800!'], 1000, '\ufffd!'],
    ] as const) {
      const told = await events(server.url, (socket) => {
        for (const wrong of [1001, 2999.4, 5000, NaN, null, true, '1000x']) {
          expect(() => socket.close(wrong as never)).toThrow(
            expect.objectContaining({ name: 'InvalidAccessError' }),
          );
        }
        expect(() => socket.close(1000, 'ä'.repeat(62))).toThrow(
          expect.objectContaining({ name: 'SyntaxError' }),
        );
        socket.close(...(args as never as []));
        socket.close(4999, 'too late');
        expect(socket.readyState).toBe(2);
      });
      expect(told).toEqual(['open 1', `close ${code} ${reason} true 3`]);
      expect(ends.splice(0)).toEqual([code, reason]);
    }
    for (const url of [`${server.url}#`, `${server.url}#a`]) {
      expect(() => new WebSocket(url)).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
    }
  });
});

test("WHATWG's shape: a Blob is sent before what follows it, or not at all", () => {
  const heard: unknown[] = [];
  const route = websocket({
    message: (_socket, message) => void heard.push(String(message)),
    close: (_socket, code) => void heard.push(code),
  });
  return withServer({ routes: { '/': route } }, async (server) => {
    const told = await events(server.url, (socket) => {
      socket.send(new Blob(['blob']));
      socket.send('text');
      socket.close(4000);
      expect([socket.readyState, socket.bufferedAmount]).toEqual([2, 8]);
      socket.send('late');
      expect(socket.bufferedAmount).toBe(12);
    });
    expect(told).toEqual(['open 1', 'close 4000  true 3']);
    expect(heard.splice(0)).toEqual(['blob', 'text', 4000]);
    const broken = new Blob(['gone']);
    broken.arrayBuffer = () => Promise.reject(new Error('the file has changed'));
    let message = '';
    const failed = await events(server.url, (socket) => {
      socket.onerror = (event) => void ({ message } = event);
      socket.send(broken);
      socket.send('text');
    });
    expect(failed).toEqual(['open 1', 'error 3', 'close 1006  false 3']);
    expect(message).toBe('a Blob cannot be read: the file has changed');
    while (server.connections > 0) await sleep(0.001);
    expect(heard).toEqual([1006]);
  });
});

test("WHATWG's shape: the close event has what the server said", async () => {
  const seen: string[][] = [];
  for (const answer of [
    closeFrame(3001, 'theirs', false),
    Buffer.from([0x88, 0]),
    frame(1, Buffer.from([0xff]), plain),
  ]) {
    await withRaw(
      (accept, socket) => {
        // The answer to the client's close frame.
        setImmediate(() => socket.once('data', () => socket.end(answer)));
        return granted(accept);
      },
      async (url) => {
        const told = await events(url, (socket) => socket.close(4000, 'ours'));
        seen.push(told.slice(1) as string[]);
      },
    );
  }
  expect(seen).toEqual([
    ['close 3001 theirs true 3'],
    ['close 1005  true 3'],
    ['error 3', 'close 1006  false 3'],
  ]);
});

test("WHATWG's shape: a server that takes none of the sub-protocols", () =>
  withRaw(
    (accept) => granted(accept),
    async (url) => {
      const socket = new WebSocket(url, ['p', 'q']);
      let message = '';
      socket.onopen = () => expect(true).toBe(false);
      socket.onerror = (event) => void ({ message } = event);
      const code = await new Promise(
        (resolve) => (socket.onclose = (event) => resolve(event.code)),
      );
      expect([code, message]).toEqual([1006, 'the server has taken none of the sub-protocols']);
    },
  ));

test("WHATWG's shape: open comes first, also of what ends with the answer", async () => {
  for (const [bytes, told] of [
    [[], ['open 1', 'error 3', 'close 1006  false 3']],
    [[frame(1, 'one', plain)], ['open 1', 'message one 1', 'error 3', 'close 1006  false 3']],
    [
      [frame(1, 'one', plain), closeFrame(1001, 'bye', false)],
      ['open 1', 'message one 1', 'close 1001 bye true 3'],
    ],
  ] as const) {
    await withRaw(
      (accept, socket) => {
        setImmediate(() => socket.end());
        return Buffer.concat([Buffer.from(granted(accept)), ...bytes]);
      },
      async (url) => expect(await events(url, () => {})).toEqual(told),
    );
  }
});

test("WHATWG's shape: errors, and closing while it connects", () =>
  withServer({ routes: { '/': echo } }, async (server: HttpServer) => {
    const url = server.url.replace('http', 'ws');
    expect(await story(new WebSocket(`${url}nothing`), 9)).toEqual(['error', 1006, '', false]);
    const early = new WebSocket(url);
    const told = story(early, 9);
    early.close();
    expect(early.readyState).toBe(2);
    expect(await told).toEqual(['error', 1006, '', false]);
    expect(() => new WebSocket('ftp://a/')).toThrow(
      expect.objectContaining({ name: 'SyntaxError' }),
    );
    expect(() => new WebSocket(url, ['a', 'a'])).toThrow('invalid sub-protocols');
    expect(() => early.close(1001)).toThrow(
      expect.objectContaining({ name: 'InvalidAccessError' }),
    );
    expect(() => early.close(1000, 'x'.repeat(124))).toThrow('reason may have 123 bytes');
  }));
