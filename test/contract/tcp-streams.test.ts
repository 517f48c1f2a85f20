/** openConnection and startServer on real sockets. */
import { once } from 'node:events';
import net from 'node:net';

import {
  type ClientConnected,
  type Coro,
  createTask,
  gather,
  openConnection,
  promise,
  run,
  startServer,
  type StreamReader,
  type StreamWriter,
} from 'oxbow';

import { caught, failure, portOf, until } from './tcp-support.ts';

function check(name: string, body: () => Coro<void>): void {
  test(name, () => run(body));
}

function* echo(reader: StreamReader, writer: StreamWriter): Coro<void> {
  for (let data; (data = yield* reader.read(65536)).length > 0;) {
    writer.write(data);
    yield* writer.drain();
  }
  writer.close();
}

async function echoAsync(reader: StreamReader, writer: StreamWriter): Promise<void> {
  for (let data; (data = await reader.read(65536)).length > 0;) {
    writer.write(data);
    await writer.drain();
  }
  writer.close();
}

describe.each([
  ['generator', echo],
  ['async', echoAsync],
] as Array<[string, ClientConnected]>)('echo, %s lane', (_asyncFunction, handler) => {
  check('50 clients, 20 messages each', function* () {
    const server = yield* startServer(handler, '127.0.0.1', 0);
    function* client(n: number): Coro<void> {
      const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server));
      for (let m = 0; m < 20; m++) {
        writer.write(`message ${m} of ${n}\n`);
        expect(String(yield* reader.readline())).toBe(`message ${m} of ${n}\n`);
      }
      writer.writeEof();
      expect((yield* reader.read()).length).toBe(0);
      writer.close();
      yield* writer.waitClosed();
    }
    yield* gather(Array.from({ length: 50 }, (_, n) => createTask(client(n))));
    yield* server.shutdown();
  });

  check('ten megabytes through both directions at once', function* () {
    const server = yield* startServer(handler, '127.0.0.1', 0);
    const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server));
    const block = Buffer.alloc(100_000, 'abc');
    const sending = createTask(function* () {
      for (let n = 0; n < 100; n++) {
        writer.write(block);
        yield* writer.drain();
      }
      writer.writeEof();
    });
    let size = 0;
    for (let data; (data = yield* reader.read(1 << 20)).length > 0;) size += data.length;
    yield* sending;
    expect(size).toBe(10_000_000);
    writer.close();
    yield* server.shutdown();
  });
});

check('drain waits for a stalled peer, and fails when it is reset', function* () {
  const accepted: net.Socket[] = [];
  const peer = net.createServer((socket) => {
    socket.pause();
    accepted.push(socket);
  });
  peer.listen(0, '127.0.0.1');
  yield* promise(once(peer, 'listening'));
  const [, writer] = yield* openConnection('127.0.0.1', (peer.address() as net.AddressInfo).port);
  let drained = writer.drain();
  while (drained.done()) {
    writer.write(Buffer.alloc(1 << 20));
    drained = writer.drain();
  }
  yield* until(() => accepted.length === 1);
  accepted[0]!.resetAndDestroy();
  const error = yield* failure(() =>
    (function* () {
      yield* drained;
    })(),
  );
  expect(error.code).toMatch(/^(ECONNRESET|EPIPE)$/);
  expect(
    (yield* failure(() =>
      (function* () {
        yield* writer.drain();
      })(),
    )).code,
  ).toMatch(/^(ECONNRESET|EPIPE)$/);
  expect(
    (yield* failure(() =>
      (function* () {
        yield* writer.waitClosed();
      })(),
    )).code,
  ).toMatch(/^(ECONNRESET|EPIPE)$/);
  yield* promise(
    new Promise<void>((resolve) => {
      peer.close(() => resolve());
    }),
  );
});

check('write and drain after close ends with ECONNRESET, not a hang', function* () {
  const server = yield* startServer(echo, '127.0.0.1', 0);
  const [, writer] = yield* openConnection('127.0.0.1', portOf(server));
  writer.close();
  const error = yield* failure(() =>
    (function* () {
      for (;;) {
        writer.write('x');
        yield* writer.drain();
      }
    })(),
  );
  expect(error).toMatchObject({ code: 'ECONNRESET', message: 'Connection lost' });
  yield* server.shutdown();
});

check('what a handler throws is reported and closes the connection', function* () {
  const contexts = caught();
  const problem = new Error('on purpose');
  const handlers: ClientConnected[] = [
    function* () {
      throw problem;
    },
    async () => {
      throw problem;
    },
    () => {
      throw problem;
    },
  ];
  for (const handler of handlers) {
    const server = yield* startServer(handler, '127.0.0.1', 0);
    const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server));
    expect((yield* reader.read()).length).toBe(0);
    writer.close();
    yield* server.shutdown();
    const context = contexts.pop()!;
    expect(context.message).toBe('Unhandled exception in clientConnected');
    expect(context.exception).toBe(problem);
  }
  expect(contexts.length).toBe(0);
});

check('a plain function may keep the streams', function* () {
  const kept: StreamWriter[] = [];
  const server = yield* startServer((_reader, writer) => void kept.push(writer), '127.0.0.1', 0);
  const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server));
  yield* until(() => kept.length === 1);
  kept[0]!.write('later');
  kept[0]!.close();
  expect(String(yield* reader.read())).toBe('later');
  writer.close();
  yield* server.shutdown();
});

check('the reader slows the peer down', function* () {
  const server = yield* startServer(
    function* (_reader, writer) {
      for (let n = 0; n < 500; n++) {
        writer.write(Buffer.alloc(100_000));
        yield* writer.drain();
      }
      writer.close();
    },
    '127.0.0.1',
    0,
  );
  const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server), { limit: 10_000 });
  yield* until(() => !writer.transport.isReading());
  let size = 0;
  for (let data; (data = yield* reader.read(1 << 20)).length > 0;) size += data.length;
  expect(size).toBe(50_000_000);
  writer.close();
  yield* server.shutdown();
});

check('bad arguments', function* () {
  expect(() => startServer(5 as never, '127.0.0.1', 0)).toThrow(/^clientConnected/);
  expect(() => openConnection('127.0.0.1', 1, { limit: -1 })).toThrow(/^limit/);
});

test('no running loop', () => {
  expect(() => openConnection('127.0.0.1', 1)).toThrow('no running event loop');
});
