/** The end of `serveForever()`: clients that say nothing do not hold it up. */
import {
  CancelledError,
  createServer,
  createTask,
  openConnection,
  Protocol,
  run,
  sleep,
  startServer,
  StreamReader,
  type Task,
} from 'oxbow';

import { failure, portOf, Recorder, until } from './tcp-support.ts';

test('cancelling it closes idle clients, and then ends', () =>
  run(function* () {
    const server = yield* startServer(
      function* (reader, writer) {
        yield* reader.read();
        writer.close();
      },
      '127.0.0.1',
      0,
    );
    const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server));
    const task = createTask(function* () {
      yield* server.serveForever();
    });
    yield* sleep(0);
    yield* until(() => String(server).includes('clients=1'));
    task.cancel();
    expect(
      yield* failure(function* () {
        yield* task;
      }),
    ).toBeInstanceOf(CancelledError);
    expect(server.isServing()).toBe(false);
    expect(String(yield* reader.read())).toBe('');
    writer.close();
  }));

test('in the async lane, too; what was written is sent first', () =>
  run(async () => {
    const sent = Buffer.alloc(5 * 1024 * 1024, 'x');
    const server = await startServer((_reader, writer) => writer.write(sent), '127.0.0.1', 0);
    const [reader, writer] = await openConnection('127.0.0.1', portOf(server));
    const task: Task<void> = createTask(async () => {
      await server.serveForever();
    });
    do await sleep(0);
    while (!String(server).includes('clients=1'));
    task.cancel();
    expect((await reader.read()).equals(sent)).toBe(true);
    await expect(Promise.resolve(task)).rejects.toThrow(CancelledError);
    writer.close();
  }));

test('a second cancel leaves clients that do not take their data to themselves', () =>
  run(function* () {
    const server = yield* createServer(
      () =>
        new (class extends Protocol {
          override connectionMade(transport: Recorder['transport']): void {
            transport.write(Buffer.alloc(64 * 1024 * 1024));
          }
        })(),
      '127.0.0.1',
      0,
    );
    const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server), { limit: 1 });
    const task = createTask(function* () {
      yield* server.serveForever();
    });
    yield* sleep(0);
    yield* until(() => String(server).includes('clients=1'));
    task.cancel();
    for (let n = 0; n < 5; n++) yield;
    expect(task.done()).toBe(false);
    task.cancel();
    expect(
      yield* failure(function* () {
        yield* task;
      }),
    ).toBeInstanceOf(CancelledError);
    expect(reader.atEof()).toBe(false);
    server.abortClients();
    yield* server.waitClosed();
    writer.transport.abort();
  }));

test('texts of what a connection is made of', () =>
  run(function* () {
    const server = yield* createServer(() => new Recorder(), '127.0.0.1', 0);
    const port = portOf(server);
    expect(String(server)).toBe(`<Server serving 127.0.0.1:${port} clients=0>`);
    const [reader, writer] = yield* openConnection('127.0.0.1', port);
    expect(String(writer)).toBe(`<StreamWriter open peer=127.0.0.1 ${port}>`);
    expect(String(writer.transport)).toBe(`<Transport open peer=127.0.0.1 ${port}>`);
    writer.transport.pauseReading();
    writer.write('abc');
    expect(String(writer.transport)).toBe(
      `<Transport open peer=127.0.0.1 ${port} reading paused unsent=3>`,
    );
    writer.close();
    expect(String(writer)).toContain('closing');
    yield* writer.waitClosed();
    expect(String(writer)).toBe(`<StreamWriter closed peer=127.0.0.1 ${port}>`);
    expect(String(reader)).toContain('<StreamReader');
    const [socket] = server.sockets;
    expect(String(socket)).toMatch(
      new RegExp(`^<TransportSocket fd=\\d+ 127\\.0\\.0\\.1 ${port}>$`),
    );
    server.close();
    expect(String(server)).toMatch(/^<Server closed clients=\d>$/);
    yield* server.waitClosed();
    expect(String(socket)).toBe('<TransportSocket closed>');
  }));

test('what a reader is given is looked at', () =>
  run(function* () {
    const reader = new StreamReader();
    for (const wrong of [undefined, null, 'text', 5, {}, [1]]) {
      expect(() => reader.feedData(wrong as never)).toThrow(
        /^data must be a Buffer or a Uint8Array/,
      );
      expect(() => reader.setTransport(wrong as never)).toThrow(/^a transport must have/);
    }
    reader.feedData(Buffer.from('fine'));
    reader.feedEof();
    expect(String(yield* reader.read())).toBe('fine');
  }));
