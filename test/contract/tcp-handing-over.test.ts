/**
 * What happens to a connection while it goes to whoever has asked for it, and while it fails: the
 * order of these is asyncio's, and the same in both lanes.
 */
import { closeSync, writeSync } from 'node:fs';

import {
  type AnyProtocol,
  createConnection,
  createServer,
  createUnixConnection,
  createUnixServer,
  type Future,
  getRunningLoop,
  Protocol,
  run,
  Socket,
  type Transport,
  waitFor,
} from 'oxbow';

import { portOf, Recorder, until } from './tcp-support.ts';

/** Greets whoever comes, so that there is something to receive before anybody can ask for it. */
class Greeter extends Protocol {
  override connectionMade(transport: Transport): void {
    transport.write('hello');
    transport.writeEof();
  }
}

type Asked = Future<[Transport, AnyProtocol]>;

/** Ways to a connection on which something waits already. */
const ways: Record<string, (make: () => Recorder, port: number, path: string) => Asked> = {
  'createConnection()': (make, port) => createConnection(make, '127.0.0.1', port),
  'createConnection() by name': (make, port) => createConnection(make, 'localhost', port),
  'createConnection() with a signal': (make, port) =>
    createConnection(make, '127.0.0.1', port, { signal: new AbortController().signal }),
  'waitFor(createConnection())': (make, port) =>
    waitFor(createConnection(make, '127.0.0.1', port), 10),
  'createUnixConnection()': (make, _, path) => createUnixConnection(make, path),
  'connectAcceptedSocket()': (make) => {
    const [ours, theirs] = Socket.pair();
    const file = theirs.detach();
    writeSync(file, 'hello');
    closeSync(file);
    return getRunningLoop().connectAcceptedSocket(make, ours);
  },
};

describe('whoever has asked for a connection has it before anything is received', () => {
  function* served(body: (port: number, path: string) => Iterable<any>): Generator<any, void> {
    const path = `\0oxbow-handing-over-${process.pid}`;
    const server = yield* createServer(() => new Greeter(), '127.0.0.1', 0);
    const unix = yield* createUnixServer(() => new Greeter(), path);
    try {
      yield* body(portOf(server), path);
    } finally {
      for (const each of [server, unix]) {
        each.close();
        each.abortClients();
        yield* each.waitClosed();
      }
    }
  }

  test.each(Object.keys(ways))('%s, function*', (way) =>
    run(() =>
      served(function* (port, path) {
        const first = new Recorder();
        const second = new Recorder();
        const [transport, protocol] = yield* ways[way]!(() => first, port, path);
        expect(protocol).toBe(first);
        expect(transport.isReading()).toBe(true);
        transport.setProtocol(second);
        yield* second.lost;
        expect(first.events).toEqual(['made']);
        expect(second.events).toEqual(['data', 'eof', 'lost']);
      }),
    ),
  );

  test.each(Object.keys(ways))('%s, async', (way) =>
    run(() =>
      served(function* (port, path) {
        yield* getRunningLoop().createTask(async () => {
          const first = new Recorder();
          const second = new Recorder();
          const [transport] = await ways[way]!(() => first, port, path);
          transport.setProtocol(second);
          await second.lost;
          expect(first.events).toEqual(['made']);
          expect(second.events).toEqual(['data', 'eof', 'lost']);
        });
      }),
    ),
  );

  test('what was paused meanwhile stays paused, and what was resumed goes on', () =>
    run(() =>
      served(function* (port) {
        class Paused extends Recorder {
          override connectionMade(transport: Transport): void {
            super.connectionMade(transport);
            transport.pauseReading();
            transport.resumeReading();
            transport.pauseReading();
          }
        }
        const protocol = new Paused();
        const [transport] = yield* createConnection(() => protocol, '127.0.0.1', port);
        for (let turn = 0; turn < 20; turn++) yield;
        expect(protocol.events).toEqual(['made']);
        transport.resumeReading();
        yield* protocol.lost;
        expect(protocol.events).toEqual(['made', 'data', 'eof', 'lost']);
      }),
    ));

  test('a pipe', () =>
    run(function* () {
      const [ours, theirs] = Socket.pair();
      const other = theirs.detach();
      writeSync(other, 'hello');
      closeSync(other);
      const first = new Recorder();
      const second = new Recorder();
      const [transport] = yield* getRunningLoop().connectReadPipe(() => first, ours.detach());
      transport.setProtocol(second);
      yield* second.lost;
      expect(first.events).toEqual(['made']);
      expect(second.events).toEqual(['data', 'eof', 'lost']);
    }));
});

describe('a connection that fails with something unsent', () => {
  test.each(['a reset', 'a pipe without a reader'])('%s: no resumeWriting comes before', (kind) =>
    run(function* () {
      const loop = getRunningLoop();
      const [ours, theirs] = Socket.pair();
      const protocol = new Recorder();
      const [transport] =
        kind === 'a reset'
          ? yield* loop.connectAcceptedSocket(() => protocol, ours)
          : yield* loop.connectWritePipe(() => protocol, ours.detach());
      transport.write('x'.repeat(8_000_000));
      yield* until(() => transport.getWriteBufferSize() > 0);
      expect(protocol.events).toEqual(['made', 'pause']);
      theirs.close();
      expect(yield* protocol.lost).toBeInstanceOf(Error);
      expect(protocol.events).toEqual(['made', 'pause', 'lost']);
    }),
  );

  test('abort() drops it at once', () =>
    run(function* () {
      const [ours, theirs] = Socket.pair();
      const protocol = new Recorder();
      const [transport] = yield* getRunningLoop().connectAcceptedSocket(() => protocol, ours);
      transport.write('x'.repeat(8_000_000));
      expect(transport.getWriteBufferSize()).toBeGreaterThan(0);
      transport.abort();
      expect(transport.getWriteBufferSize()).toBe(0);
      expect(transport.isClosing()).toBe(true);
      expect(protocol.events).toEqual(['made', 'pause']);
      expect(yield* protocol.lost).toBe(null);
      expect(protocol.events).toEqual(['made', 'pause', 'lost']);
      theirs.close();
    }));
});
