/** `{ signal }` on everything of TCP that waits, cancelling it, and lines. */
import {
  type Coro,
  createConnection,
  createServer,
  createTask,
  forEach,
  type Future,
  getRunningLoop,
  openConnection,
  run,
  Socket,
  startServer,
  type StreamReader,
  type StreamWriter,
} from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { failure, portOf, Recorder, until } from './tcp-support.ts';

type Streams = [near: [StreamReader, StreamWriter], far: [StreamReader, StreamWriter]];

/** Two ends of a connection as streams, in simulated time. */
function check(name: string, body: (streams: Streams) => Coro<void>): void {
  test(name, () =>
    runVirtual(function* () {
      const arrived = getRunningLoop().createFuture<[StreamReader, StreamWriter]>();
      const server = yield* startServer(
        (reader, writer) => void arrived.setResult([reader, writer]),
        '127.0.0.1',
        0,
      );
      const near = yield* openConnection('127.0.0.1', portOf(server));
      const far = yield* arrived;
      yield* body([near, far]);
      near[1].close();
      far[1].close();
      server.close();
      yield* server.waitClosed();
    }),
  );
}

const READS: Record<string, (reader: StreamReader, signal?: AbortSignal) => Future<unknown>> = {
  'read(n)': (reader, signal) => reader.read(9, { signal }),
  'read()': (reader, signal) => reader.read(-1, { signal }),
  'readexactly()': (reader, signal) => reader.readexactly(9, { signal }),
  'readline()': (reader, signal) => reader.readline({ signal }),
  'readuntil()': (reader, signal) => reader.readuntil(['\n', 'end'], { signal }),
  'lines().next()': (reader, signal) => reader.lines({ signal: signal! }).next(),
};

for (const [name, read] of Object.entries(READS)) {
  check(`${name}: an abort and a cancel lose no byte`, function* ([[reader], [, peer]]) {
    if (name !== 'read(n)') {
      peer.write('par');
      yield;
    }
    const controller = new AbortController();
    const aborted = read(reader, controller.signal) as never;
    yield;
    controller.abort('enough');
    const error = { name: 'AbortError', code: 'ABORT_ERR', cause: 'enough' };
    expect(yield* failure(() => aborted)).toMatchObject(error);
    expect(yield* failure(() => read(reader, controller.signal) as never)).toMatchObject(error);

    const task = createTask(function* () {
      yield* read(reader);
    });
    yield;
    task.cancel();
    expect(yield* failure(() => task as never)).toMatchObject({ name: 'CancelledError' });

    // Cancelled when the bytes are there, and its task has not gone on yet.
    const late = createTask(function* () {
      yield* read(reader);
    });
    yield;
    const told = until(() => reader.atEof() || late.done());
    reader.feedData(Buffer.from('t of a line\n'));
    late.cancel();
    yield* told;
    expect(late.cancelled()).toBe(true);
    const all = name === 'read(n)' ? 't of a line\n' : 'part of a line\n';
    expect(String(yield* reader.readline())).toBe(all);
  });
}

check('drain and waitClosed take a signal', function* ([[reader, writer], [, peer]]) {
  peer.transport.pauseReading();
  const controller = new AbortController();
  const { signal } = controller;
  writer.write(Buffer.alloc(1 << 20));
  const draining = writer.drain({ signal });
  const other = writer.drain();
  const closed = writer.waitClosed({ signal });
  yield;
  expect([draining.done(), closed.done()]).toEqual([false, false]);
  controller.abort();
  for (const future of [
    draining,
    closed,
    writer.drain({ signal }),
    writer.waitClosed({ signal }),
  ]) {
    expect(yield* failure(() => future as never)).toMatchObject({ name: 'AbortError' });
  }
  // Nothing else has ended.
  expect(other.done()).toBe(false);
  peer.transport.resumeReading();
  yield* other;
  writer.write('more');
  yield* writer.drain({ signal: new AbortController().signal });
  expect(reader.atEof()).toBe(false);
});

test('what waits for a server takes a signal', () =>
  runVirtual(function* () {
    const server = yield* createServer(() => new Recorder(), '127.0.0.1', 0);
    const client = new Recorder();
    yield* createConnection(() => client, '127.0.0.1', portOf(server));
    const controller = new AbortController();
    const { signal } = controller;
    const closed = server.waitClosed({ signal });
    const stopping = server.shutdown({ signal });
    yield;
    controller.abort('now');
    for (const future of [closed, stopping, server.waitClosed({ signal })]) {
      expect(yield* failure(() => future as never)).toMatchObject({ cause: 'now' });
    }
    client.transport.close();
    yield* server.waitClosed();

    const second = yield* createServer(() => new Recorder(), '127.0.0.1', 0);
    const other = new AbortController();
    const serving = second.serveForever({ signal: other.signal });
    yield;
    expect(second.isServing()).toBe(true);
    other.abort('end');
    expect(yield* failure(() => serving as never)).toMatchObject({
      name: 'AbortError',
      cause: 'end',
    });
    expect(second.isServing()).toBe(false);

    for (const make of [
      () => createServer(() => new Recorder(), '127.0.0.1', 0, { signal: other.signal }),
      () => createConnection(() => new Recorder(), '127.0.0.1', 1, { signal: other.signal }),
    ]) {
      expect(yield* failure(make as never)).toMatchObject({ name: 'AbortError', cause: 'end' });
    }
  }));

check('lines are texts without their ends, in both lanes', function* ([[reader], [, peer]]) {
  peer.write('one\r\ntwo\n\nthrée\nlast');
  peer.writeEof();
  const seen: string[] = [];
  yield* forEach(reader.lines(), function* (line) {
    seen.push(line);
    yield;
  });
  expect(seen).toEqual(['one', 'two', '', 'thrée', 'last']);
});

test('for await over lines; leaving it leaves the rest', () =>
  run(async () => {
    const [one, other] = Socket.pair();
    const [reader, writer] = await openConnection(null, null, { sock: one });
    const [, peer] = await openConnection(null, null, { sock: other });
    peer.write('a\nb\r\nc');
    for await (const line of reader.lines({ encoding: 'latin1' })) {
      expect(line).toBe('a');
      break;
    }
    peer.close();
    const rest: string[] = [];
    for await (const line of reader.lines()) rest.push(line);
    expect(rest).toEqual(['b', 'c']);
    expect(await reader.lines().next()).toEqual({ done: true, value: undefined });
    writer.close();
    await writer.waitClosed();
  }));

check('bad arguments', function* ([[reader, writer]]) {
  expect(() => reader.lines({ encoding: 'utf99' as never })).toThrow(
    /there is no encoding 'utf99'/,
  );
  expect(() => reader.lines({ signal: {} as never })).toThrow(/signal/);
  expect(() => reader.read(1, { sgnal: 1 } as never)).toThrow(/did you mean 'signal'/);
  expect(() => writer.drain({ signal: 5 as never })).toThrow(/is not an AbortSignal/);
  yield;
});
