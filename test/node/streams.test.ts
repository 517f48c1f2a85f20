// toNodeStream, fromNodeStream and toWebStreams: pace, ends, errors, in both directions.
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import net from 'node:net';
import { Duplex, PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { inspect } from 'node:util';

import {
  type Coro,
  createConnection,
  createTask,
  openConnection,
  promise,
  Protocol,
  run,
  type Server,
  startServer,
  type Transport,
} from 'oxbow';
import { fromNodeStream, toNodeStream, toWebStreams } from 'oxbow/node';
import { connectedPair, runVirtual } from 'oxbow/testing';

import { failure, portOf, Recorder, until } from '../contract/tcp-support.ts';
import { echo, people } from '../tls/tls-support.ts';

/** A stream of Node's, and what is at the other end. */
function* ends(
  allowHalfOpen = true,
): Coro<[stream: ReturnType<typeof toNodeStream>, other: Transport, at: Recorder]> {
  const factory = (): Recorder => Object.assign(new Recorder(), { keepOpen: true });
  const [[near], [other, at]] = yield* connectedPair(() => new Protocol(), factory);
  return [toNodeStream(near, { allowHalfOpen }), other, at];
}

const check = (name: string, body: () => Coro<void>): void => void test(name, () => run(body));

check('bytes go both ways, and each end ends its direction', function* () {
  const [stream, other, at] = yield* ends();
  // Not text(): it destroys what it has read to the end.
  let heard = '';
  stream.on('data', (data) => (heard += data));
  other.write('from the loop');
  other.writeEof();
  yield* promise(once(stream, 'end'));
  expect(heard).toBe('from the loop');
  stream.end('from Node');
  yield* at.ended;
  expect(String(at.received)).toBe('from Node');
  other.close();
  yield* at.lost;
});

check('a write is done when the transport wants more', function* () {
  const [stream, other] = yield* ends();
  other.pauseReading();
  const piece = Buffer.alloc(1 << 20);
  const done: number[] = [];
  for (let n = 0; n < 4; n++) stream.write(piece, () => done.push(n));
  for (let n = 0; n < 20; n++) yield;
  // The first is in the transport, above its high watermark; the others have not been given to it.
  expect(done).toEqual([]);
  expect(stream.writableNeedDrain).toBe(true);
  expect(stream.transport.getWriteBufferSize()).toBeLessThanOrEqual(piece.length);
  other.resumeReading();
  yield* until(() => done.length === 4);
  expect(done).toEqual([0, 1, 2, 3]);
  stream.destroy();
  yield* promise(once(stream, 'close'));
});

check('nobody who does not read is given more than fits', function* () {
  const [stream, other] = yield* ends();
  stream.once('readable', () => {});
  other.write(Buffer.alloc(8 << 20));
  yield* until(() => !stream.transport.isReading());
  for (let n = 0; n < 50; n++) yield;
  expect(stream.readableLength).toBeLessThan(1 << 20);
  let size = 0;
  stream.on('data', (data: Buffer) => (size += data.length));
  yield* until(() => size === 8 << 20);
  stream.destroy();
  yield* promise(once(stream, 'close'));
});

check('end() is over when everything has left', function* () {
  const [stream, other, at] = yield* ends();
  other.pauseReading();
  const finished = once(stream, 'finish');
  let over = false;
  stream.once('finish', () => (over = true));
  stream.end(Buffer.alloc(2_000_000, 'x'));
  for (let n = 0; n < 30; n++) yield;
  expect(over).toBe(false);
  other.resumeReading();
  yield* promise(finished);
  yield* at.ended;
  expect(at.received.length).toBe(2_000_000);
  other.close();
  yield* at.lost;
});

check('destroy() drops what has not left, and the other end hears of it', function* () {
  const [stream, other, at] = yield* ends();
  other.pauseReading();
  stream.write(Buffer.alloc(4_000_000));
  stream.destroy();
  yield* promise(once(stream, 'close'));
  expect(stream.transport.isClosing()).toBe(true);
  other.resumeReading();
  yield* until(() => at.events.includes('eof') || at.events.includes('lost'));
  expect(at.received.length).toBeLessThan(4_000_000);
  other.abort();
  yield* at.lost;
});

check('without half-open, the end of the peer ends our side too', function* () {
  const [stream, other, at] = yield* ends(false);
  stream.resume();
  other.writeEof();
  yield* at.ended;
  expect(stream.writableEnded).toBe(true);
  other.close();
  yield* at.lost;
});

check('a reset is an error with its code, also of the write that waits', function* () {
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  yield* promise(once(server, 'listening'));
  const { port } = server.address() as net.AddressInfo;
  const [transport] = yield* createConnection(() => new Protocol(), '127.0.0.1', port);
  const stream = toNodeStream(transport);
  yield* until(() => sockets.length === 1);
  const errors: unknown[] = [];
  stream.on('error', (error) => errors.push(error));
  stream.resume();
  stream.write(Buffer.alloc(8_000_000), (error) => errors.push(error));
  sockets[0]!.resetAndDestroy();
  yield* until(() => errors.length === 2);
  expect(errors[0]).toBe(errors[1]);
  expect(['ECONNRESET', 'EPIPE']).toContain((errors[0] as NodeJS.ErrnoException).code);
  expect(stream.destroyed).toBe(true);
  stream.write('late', (error) => errors.push(error));
  yield* until(() => errors.length === 3);
  server.close();
});

check('a stream can be taken for a socket', function* () {
  const server = yield* startServer(echo, '127.0.0.1', 0);
  const [transport] = yield* createConnection(() => new Protocol(), '127.0.0.1', portOf(server));
  const stream = toNodeStream(transport);
  expect([stream.remoteAddress, stream.remotePort]).toEqual(['127.0.0.1', portOf(server)]);
  expect(stream.address()).toMatchObject({ address: '127.0.0.1', family: 'IPv4' });
  expect(stream.setNoDelay(true).setKeepAlive(true).ref().unref()).toBe(stream);
  expect([stream.connecting, stream.encrypted, stream.alpnProtocol]).toEqual([false, false, false]);
  stream.connect(1, 'ignored');
  yield* promise(once(stream, 'connect'));
  stream.setTimeout(1);
  yield* promise(once(stream, 'timeout'));
  expect(inspect(stream)).toMatch(
    /^<TransportStream open <Transport open peer=127\.0\.0\.1 \d+.*>>$/,
  );
  stream.end('text');
  expect(yield* promise(text(stream))).toBe('text');
  yield* server.shutdown();
});

check('pipeline goes through it, over TLS as well', function* () {
  const { mine, trust } = yield* promise(people());
  const server = yield* startServer(echo, '127.0.0.1', 0, { tls: mine });
  const factory = (): Protocol => new Protocol();
  const [transport] = yield* createConnection(factory, 'localhost', portOf(server), { tls: trust });
  const stream = toNodeStream(transport);
  expect(stream.encrypted).toBe(true);
  const parts = Array.from({ length: 200 }, (_, n) => `${n} `.repeat(1000));
  const heard = text(stream);
  yield* promise(pipeline(Readable.from(parts), stream));
  expect((yield* promise(heard)) === parts.join('')).toBe(true);
  yield* server.shutdown();
});

check('the server of node:http takes it for a connection', function* () {
  const http = createHttpServer((_request, response) => response.end('by node:http'));
  const server = yield* serving(
    (transport) => void http.emit('connection', toNodeStream(transport)),
  );
  const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server));
  writer.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(String(yield* reader.read())).toContain('by node:http');
  writer.close();
  yield* server.shutdown();
});

function* serving(connected: (transport: Transport) => void): Coro<Server> {
  const { createServer } = yield* promise(import('oxbow'));
  return yield* createServer(
    () => Object.assign(new Protocol(), { connectionMade: connected }),
    '127.0.0.1',
    0,
  );
}

check('bad arguments', function* () {
  for (const wrong of [undefined, null, 7, {}, new PassThrough()]) {
    expect(() => toNodeStream(wrong as never)).toThrow('a Transport was expected');
  }
  const [stream] = yield* ends();
  expect(() => toNodeStream(stream.transport, { half: true } as never)).toThrow('half');
  expect(() => toNodeStream(stream.transport, { allowHalfOpen: 1 as never })).toThrow(TypeError);
  for (const wrong of [undefined, null, 7, {}, Readable.from([])]) {
    expect(() => fromNodeStream(wrong as never)).toThrow('a Duplex was expected');
  }
  expect(() => fromNodeStream(new PassThrough(), { limits: 1 } as never)).toThrow('limits');
  stream.destroy();
  yield* promise(once(stream, 'close'));
});

check('a Duplex of Node is a pair of streams', function* () {
  const server = net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  yield* promise(once(server, 'listening'));
  const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
  const [reader, writer] = yield* fromNodeStream(socket, { limit: 1000 });
  const much = 'a line of text\n'.repeat(100_000);
  writer.write(much);
  writer.writeEof();
  expect(String(yield* reader.read()) === much).toBe(true);
  writer.close();
  yield* writer.waitClosed();
  server.close();
});

check('and a transport with a protocol of one', function* () {
  const [mine, theirs] = duplexPair();
  const [transport, at] = yield* fromNodeStream(mine, () => new Recorder());
  transport.write('to Node');
  const [data] = (yield* promise(once(theirs, 'data'))) as [Buffer];
  expect(String(data)).toBe('to Node');
  theirs.end('from Node');
  expect(yield* at.lost).toBeNull();
  expect([String(at.received), at.events]).toEqual(['from Node', ['made', 'data', 'eof', 'lost']]);
});

check('an error of the Duplex is what the protocol is told', function* () {
  const [mine] = duplexPair();
  const [, at] = yield* fromNodeStream(mine, () => new Recorder());
  const error = new Error('the tunnel is gone');
  mine.destroy(error);
  expect(yield* at.lost).toBe(error);
});

check('abort() destroys the Duplex, and one that is destroyed is none any more', function* () {
  const [mine] = duplexPair();
  const [transport, at] = yield* fromNodeStream(mine, () => new Recorder());
  transport.abort();
  expect(yield* at.lost).toBeNull();
  yield* until(() => mine.destroyed);
  const [gone] = duplexPair();
  gone.destroy();
  const late = yield* fromNodeStream(gone, () => new Recorder());
  expect(yield* late[1].lost).toMatchObject({ code: expect.stringMatching(/^ERR_STREAM_/) });
});

check('what its factory throws is thrown', function* () {
  const error = new Error('no protocol');
  const step = function* (): Coro<unknown> {
    return yield* fromNodeStream(new PassThrough(), () => {
      throw error;
    });
  };
  expect(yield* failure(step)).toBe(error);
});

check('web streams', function* () {
  const server = yield* startServer(echo, '127.0.0.1', 0);
  const [transport] = yield* createConnection(() => new Protocol(), '127.0.0.1', portOf(server));
  const { readable, writable } = toWebStreams(transport);
  yield* createTask(async () => {
    const writer = writable.getWriter();
    await writer.write(Buffer.from('over the web'));
    await writer.close();
    expect(await new Response(readable as never).text()).toBe('over the web');
  });
  yield* server.shutdown();
});

test('in virtual time, too', async () => {
  await runVirtual(function* () {
    const [stream, other, at] = yield* ends();
    stream.write('virtual');
    yield* at.atLeast(7);
    stream.destroy();
    other.abort();
    yield* at.lost;
  });
});

/** Two ends of a Duplex: what one writes the other reads. */
function duplexPair(): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  for (const n of [0, 1]) {
    ends[n] = new Duplex({
      read() {},
      write(chunk, _encoding, done) {
        ends[1 - n]!.push(chunk);
        done();
      },
      final(done) {
        ends[1 - n]!.push(null);
        done();
      },
    });
  }
  return ends as [Duplex, Duplex];
}
