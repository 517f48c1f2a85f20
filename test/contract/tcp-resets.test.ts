/**
 * A peer that resets the connection, at every stage of what is done with it: the wait that is under
 * way fails with the system's error, and nothing is left behind.
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Coro,
  type EventLoop,
  Future,
  getRunningLoop,
  openConnection,
  promise,
  run,
  startServer,
  type StreamReader,
  type StreamWriter,
} from 'oxbow';
import { CONTROL_HANDLE_COUNT, CONTROL_REFERENCES } from '#lib/native/layout.js';

import { failure, portOf, until } from './tcp-support.ts';

const HOST = '127.0.0.1';
/** More than the buffers of both ends take. */
const MUCH = Buffer.alloc(32 << 20, 'x');

/** The two ends of a connection: ours, and a socket of Node's that can be reset. */
interface Ends {
  loop: EventLoop;
  reader: StreamReader;
  writer: StreamWriter;
  peer: net.Socket;
}

type Stage = (ends: Ends) => Coro<unknown>;

/** A wait that is under way when the reset comes. */
function* during(ends: Ends, wait: () => Future<unknown>): Coro<unknown> {
  const waiting = wait();
  for (let turn = 0; turn < 5; turn++) yield;
  expect(waiting.done()).toBe(false);
  ends.peer.resetAndDestroy();
  return yield* failure(function* () {
    yield* waiting;
  });
}

const stages: Record<string, Stage> = {
  'read()': (ends) => during(ends, () => ends.reader.read()),
  'readline()': (ends) => during(ends, () => ends.reader.readline()),
  'readexactly()': (ends) => during(ends, () => ends.reader.readexactly(10)),
  'drain()': (ends) =>
    during(ends, () => {
      ends.peer.pause();
      ends.writer.write(MUCH);
      return ends.writer.drain();
    }),
  'waitClosed() with something unsent': (ends) =>
    during(ends, () => {
      ends.peer.pause();
      ends.writer.write(MUCH);
      ends.writer.close();
      return ends.writer.waitClosed();
    }),
  'sendfile()': (ends) => {
    const path = join(tmpdir(), `oxbow-resets-${process.pid}`);
    const file = openSync(path, 'w+');
    writeSync(file, MUCH);
    rmSync(path);
    ends.peer.pause();
    return (function* (): Coro<unknown> {
      const error = yield* during(ends, () => ends.loop.sendfile(ends.writer.transport, file));
      closeSync(file);
      expect((error as { bytesSent: number }).bytesSent).toBeGreaterThan(0);
      return error;
    })();
  },
  'a read after a half-close': (ends) =>
    during(ends, () => {
      ends.writer.writeEof();
      return ends.reader.read();
    }),
  'a read that is behind what came before': function* (ends) {
    ends.peer.write('first');
    expect(String(yield* ends.reader.readexactly(5))).toBe('first');
    return yield* during(ends, () => ends.reader.read(1));
  },
  'nothing: the next read has it': function* (ends) {
    ends.peer.resetAndDestroy();
    yield* until(() => ends.writer.isClosing());
    return yield* failure(function* () {
      yield* ends.reader.read();
    });
  },
};

function* nothingLeft(body: () => Coro<void>): Coro<void> {
  const { control } = getRunningLoop()._rings;
  const before = [control[CONTROL_HANDLE_COUNT], control[CONTROL_REFERENCES]];
  yield* body();
  yield* until(
    () => control[CONTROL_HANDLE_COUNT] === before[0] && control[CONTROL_REFERENCES] === before[1],
  );
}

function* connected(body: (ends: Ends) => Coro<void>): Coro<void> {
  const loop = getRunningLoop();
  const accepted = new Future<[StreamReader, StreamWriter]>();
  const server = yield* startServer(
    (reader, writer) => accepted.setResult([reader, writer]),
    HOST,
    0,
  );
  const peer = net.connect({ port: portOf(server), host: HOST, allowHalfOpen: true });
  peer.on('error', () => {});
  const [reader, writer] = yield* accepted;
  yield* body({ loop, reader, writer, peer });
  server.close();
  yield* server.waitClosed();
}

const FAILURES = ['ECONNRESET', 'EPIPE'];

test.each(Object.keys(stages))('during %s', (name) =>
  run(() =>
    nothingLeft(() =>
      connected(function* (ends) {
        const error = (yield* stages[name]!(ends)) as NodeJS.ErrnoException;
        expect(FAILURES).toContain(error.code);
        // From now on everything says so, and nothing hangs.
        const { reader, writer } = ends;
        const late = yield* failure(function* () {
          for (;;) {
            yield* writer.drain();
            yield;
          }
        });
        expect(FAILURES).toContain((late as NodeJS.ErrnoException).code);
        writer.write('late');
        writer.close();
        yield* failure(function* () {
          yield* writer.waitClosed();
        });
        expect(reader.atEof()).toBe(false);
      }),
    ),
  ),
);

test('before the server has looked at it', () =>
  run(() =>
    nothingLeft(function* () {
      let called = 0;
      const outcomes: unknown[] = [];
      const server = yield* startServer(
        function* (reader, writer) {
          called++;
          try {
            outcomes.push((yield* reader.read()).length);
          } catch (error) {
            outcomes.push((error as NodeJS.ErrnoException).code);
          }
          writer.close();
        },
        HOST,
        0,
        { startServing: false },
      );
      // They wait in the kernel's queue, and are reset there.
      const peers = Array.from({ length: 20 }, () => net.connect(portOf(server), HOST));
      const standing = peers.map(
        (peer) => new Promise((resolve) => peer.on('error', () => {}).on('connect', resolve)),
      );
      for (const each of standing) yield* promise(each);
      for (const peer of peers) peer.resetAndDestroy();
      yield* server.startServing();
      const [, last] = yield* openConnection(HOST, portOf(server));
      last.close();
      yield* last.waitClosed();
      yield* until(() => outcomes.length === called && called > 0 && outcomes.at(-1) === 0);
      for (const each of outcomes.slice(0, -1)) expect(each).toBe('ECONNRESET');
      server.close();
      yield* server.waitClosed();
    }),
  ));

test('while a connection is being made', () =>
  run(() =>
    nothingLeft(function* () {
      const server = net.createServer((socket) => socket.resetAndDestroy());
      yield* promise(new Promise<void>((resolve) => server.listen(0, HOST, resolve)));
      const { port } = server.address() as net.AddressInfo;
      for (let round = 0; round < 20; round++) {
        const error = yield* failure(function* () {
          const [reader, writer] = yield* openConnection(HOST, port);
          writer.close();
          yield* reader.read();
          yield* writer.waitClosed();
        });
        expect((error as NodeJS.ErrnoException).code).toBe('ECONNRESET');
      }
      yield* promise(new Promise((resolve) => server.close(resolve)));
    }),
  ));
