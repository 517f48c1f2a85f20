// Servers and clients in simulated time: everything is in memory, and hours take no time.
import {
  createServer,
  DeadlockError,
  getRunningLoop,
  openConnection,
  Protocol,
  sleep,
  startServer,
} from 'oxbow';
import type { StreamReader, StreamWriter, Transport } from 'oxbow';
import { ClientSession, Response, serve } from 'oxbow/http';
import { runVirtual, VirtualLoop } from 'oxbow/testing';

const time = (): number => getRunningLoop().time();

test('streams: a server answers an hour later', () =>
  runVirtual(function* () {
    const server = yield* startServer(
      function* (reader: StreamReader, writer: StreamWriter) {
        const data = yield* reader.read();
        yield* sleep('1h');
        writer.write(data);
        writer.close();
      },
      '10.1.2.3',
      0,
    );
    const [host, port] = server.sockets[0]!.getsockname();
    expect([host, port! > 0]).toEqual(['10.1.2.3', true]);
    const [reader, writer] = yield* openConnection('10.1.2.3', port!);
    expect(writer.getExtraInfo('peername')).toEqual(['10.1.2.3', port]);
    writer.write('hello');
    writer.writeEof();
    expect(String(yield* reader.read())).toBe('hello');
    expect(time()).toBe(3600);
    writer.close();
    yield* writer.waitClosed();
    server.close();
    yield* server.waitClosed();
  }));

test('protocols: megabytes both ways, through pipes that hold 64 KiB', () =>
  runVirtual(function* () {
    const size = 3 * 2 ** 20;
    const loop = getRunningLoop();
    const done = loop.createFuture<number>();
    class Echo extends Protocol {
      #transport!: Transport;
      override connectionMade(transport: Transport): void {
        this.#transport = transport;
      }
      override dataReceived(data: Buffer): void {
        this.#transport.write(data);
      }
    }
    const server = yield* createServer(() => new Echo(), '::1', 80);
    const [transport] = yield* loop.createConnection(
      () =>
        new (class extends Protocol {
          #count = 0;
          override dataReceived(data: Buffer): void {
            this.#count += data.length;
            if (this.#count === size) done.setResult(this.#count);
          }
        })(),
      '::1',
      80,
    );
    transport.write(Buffer.alloc(size, 1));
    expect(yield* done).toBe(size);
    expect(time()).toBe(0);
    transport.close();
    server.close();
    yield* server.waitClosed();
  }));

test('where nobody listens a connection is refused; a port can be had once', () =>
  runVirtual(async () => {
    await expect(openConnection('127.0.0.1', 81)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const server = await startServer(() => {}, '127.0.0.1', 81);
    await expect(startServer(() => {}, '0.0.0.0', 81)).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    server.close();
    await server.waitClosed();
    const again = await startServer(() => {}, '127.0.0.1', 81);
    again.close();
    await again.waitClosed();
  }));

test('HTTP: an idle connection outlives minutes and not its time limit', () =>
  runVirtual(async () => {
    const server = await serve({
      port: 80,
      keepAliveTimeout: '10m',
      async fetch(request) {
        await sleep(30);
        return new Response(request.path + (await request.text()));
      },
    });
    expect(server.url).toBe('http://127.0.0.1/');
    const session = new ClientSession({ keepAliveTimeout: '1h' });
    const ask = async (path: string): Promise<string> =>
      (await session.post(server.url + path, { body: '!' })).text();
    expect(await ask('a')).toBe('/a!');
    await sleep('9m');
    expect(server.connections).toBe(1);
    expect(await ask('b')).toBe('/b!');
    expect(time()).toBe(600);
    await sleep('11m');
    expect(server.connections).toBe(0);
    await session.close();
    await server.shutdown();
  }));

test('the loop owns the thread: the same under runUntilCompleteSync', () => {
  const loop = new VirtualLoop();
  const heard = loop.runUntilCompleteSync(function* () {
    const server = yield* startServer(
      function* (_: StreamReader, writer: StreamWriter) {
        yield* sleep(86_400);
        writer.write('day');
        writer.close();
      },
      '127.0.0.1',
      7,
    );
    const [reader] = yield* openConnection('127.0.0.1', 7);
    const text = String(yield* reader.read());
    server.close();
    return [text, time()];
  });
  loop.close();
  expect(heard).toEqual(['day', 86_400]);
});

test('a client of a server that never answers is a deadlock, told at once', () =>
  expect(
    runVirtual(function* () {
      yield* startServer(() => {}, '127.0.0.1', 7);
      const [reader] = yield* openConnection('127.0.0.1', 7);
      yield* reader.read();
    }),
  ).rejects.toThrow(DeadlockError));
