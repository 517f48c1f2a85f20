// Peers that do not keep to TLS: each is refused with a clear error, and soon; the server holds
// nothing of them, and serves the next one.
import { connect as tcpConnect, createServer as createTcpServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { connect as nodeConnect } from 'node:tls';

import { createServer, getRunningLoop, openConnection, promise, Protocol, run } from 'oxbow';
import type { Coro, EventLoop, Transport } from 'oxbow';

import { portOf } from '../contract/tcp-support.ts';
import { bothHalves } from './halves.ts';
import { failure, people, type People } from './tls-support.ts';

let who: People;
let hello: Buffer;

beforeAll(async () => {
  who = await people();
  hello = await firstBytes();
});

/** The hello of a client. */
function firstBytes(): Promise<Buffer> {
  return new Promise((resolve) => {
    const tcp = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (data) => {
        socket.destroy();
        tcp.close();
        resolve(data);
      });
    }).listen(0, '127.0.0.1', () => {
      const { port } = tcp.address() as AddressInfo;
      const options = { port, host: '127.0.0.1', servername: 'localhost', ca: who.root.cert };
      nodeConnect(options).on('error', () => undefined);
    });
  });
}

/** A record. */
const record = (type: number, body: Buffer, length = body.length): Buffer =>
  Buffer.concat([Buffer.of(type, 3, 3, length >> 8, length & 255), body]);

/** Says `pieces`, one after the other, and hears until the end. */
function say(port: number, pieces: Iterable<Buffer>): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = tcpConnect(port, '127.0.0.1');
    const heard: Buffer[] = [];
    socket.setNoDelay(true);
    socket.on('data', (data) => heard.push(data));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(heard)));
    socket.on('connect', () => sayNext(socket, pieces[Symbol.iterator]()));
  });
}

function sayNext(socket: Socket, pieces: Iterator<Buffer>, ends = true): void {
  const { done, value } = pieces.next();
  if (socket.destroyed) return;
  if (done === true) {
    // What is let pass (OpenSSL 3.5 minds less than 3.0) has an end, at least.
    if (ends) socket.end();
    return;
  }
  socket.write(value, (error) => {
    if (!error) sayNext(socket, pieces, ends);
  });
}

function* repeated(first: Buffer, count: number, each: Buffer): Generator<Buffer> {
  yield first;
  for (let n = 0; n < count; n++) yield each;
}

class Counting extends Protocol {
  static made = 0;
  static bytes = 0;

  override connectionMade(_transport: Transport): void {
    Counting.made++;
  }

  override dataReceived(data: Buffer): void {
    Counting.bytes += data.length;
  }
}

/** What is warned of in debug mode: why each client was not let in. */
function refusals(loop: EventLoop): { reasons: string[]; stop: () => void } {
  const reasons: string[] = [];
  const heard = ({ message }: Error): void => {
    if (message.startsWith("a client's TLS handshake")) reasons.push(message);
  };
  loop.setDebug(true);
  process.on('warning', heard);
  return { reasons, stop: () => process.off('warning', heard) };
}

describe.each(bothHalves())('through %s', (_name, half) => {
  beforeAll(half.use);
  afterAll(half.restore);

  test('who begins with something else is refused, and nobody else is kept out', async () => {
    const zero = record(22, Buffer.alloc(0));
    const old = Buffer.from('0100020003000000100700c0'.padEnd(56, '0'), 'hex');
    const alert = record(21, Buffer.of(1, 100));
    const peers: [name: string, pieces: Iterable<Buffer>][] = [
      ['plain HTTP', [Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')]],
      ['bytes that mean nothing', [Buffer.alloc(4096, 0xa5)]],
      ['SSLv2', [Buffer.concat([Buffer.of(0x80, old.length), old])]],
      ['a record that is too long', [record(22, Buffer.alloc(20_000), 20_000)]],
      ['a record of no kind', [record(99, Buffer.alloc(20))]],
      ['data before the handshake', [record(23, Buffer.alloc(64))]],
      ['an alert that ends it', [record(21, Buffer.of(2, 40))]],
      ['a message that is too long', [record(22, Buffer.of(1, 0xff, 0xff, 0xff, 0, 0))]],
      ['a broken hello', [record(22, Buffer.concat([hello.subarray(5, 60), Buffer.alloc(400)]))]],
      ['a second hello', [Buffer.concat([hello, hello])]],
      ['data behind the hello', [Buffer.concat([hello, record(23, Buffer.alloc(64))])]],
      ['a flood of empty records', repeated(Buffer.alloc(0), 5000, zero)],
      ['empty records behind the hello', repeated(hello, 5000, record(23, Buffer.alloc(0)))],
      ['a flood of warnings', repeated(Buffer.alloc(0), 5000, alert)],
      ['a flood of changes of the cipher', repeated(hello, 5000, record(20, Buffer.of(1)))],
    ];
    await run(function* () {
      const loop = getRunningLoop();
      const { reasons, stop } = refusals(loop);
      Counting.made = 0;
      const server = yield* createServer(() => new Counting(), '127.0.0.1', 0, { tls: who.mine });
      const port = portOf(server);
      for (const [name, pieces] of peers) {
        const before = reasons.length;
        const heard = yield* promise(say(port, pieces));
        while (reasons.length === before) yield;
        // At most our part of a handshake and an alert; and why, in words.
        expect([name, heard.length < 4096, reasons.length]).toEqual([name, true, before + 1]);
        expect(reasons.at(-1)).toMatch(/failed: .+/);
      }
      stop();
      expect(Counting.made).toBe(0);
      const client = yield* openConnection('localhost', port, { tls: who.trust });
      client[1].close();
      yield* client[1].waitClosed();
      server.close();
      yield* server.waitClosed();
    });
  });

  test('a hello that comes byte by byte is as good as any', async () => {
    await run(function* () {
      const server = yield* createServer(() => new Counting(), '127.0.0.1', 0, { tls: who.mine });
      const port = portOf(server);
      const answer = promise(
        new Promise<Buffer>((resolve) => {
          const socket = tcpConnect(port, '127.0.0.1');
          socket.setNoDelay(true);
          socket.on('error', () => undefined);
          socket.once('data', (data) => {
            socket.destroy();
            resolve(data);
          });
          const bytes = Array.from(hello, (byte) => Buffer.of(byte));
          socket.on('connect', () => sayNext(socket, bytes[Symbol.iterator](), false));
        }),
      );
      expect((yield* answer).subarray(0, 3)).toEqual(Buffer.of(22, 3, 3));
      server.close();
      yield* server.waitClosed();
    });
  });

  test('records that were changed, cut or put in on the way are errors', async () => {
    await run(function* () {
      // One that relays between a client and the server, and then says something of its own.
      const server = yield* createServer(() => new Counting(), '127.0.0.1', 0, { tls: who.mine });
      const port = portOf(server);
      const endings: [said: Buffer, code: RegExp][] = [
        [record(23, Buffer.alloc(64)), /BAD_RECORD_MAC|DECRYPTION_FAILED/],
        [
          record(23, Buffer.alloc(20_000), 20_000),
          /PACKET_LENGTH_TOO_LONG|ENCRYPTED_LENGTH_TOO_LONG|RECORD_TOO_/,
        ],
        [
          Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
          /WRONG_VERSION|BAD_RECORD|HTTP|LENGTH_TOO_LONG/,
        ],
        [record(21, Buffer.of(2, 40)), /BAD_RECORD|UNEXPECTED|ALERT|LENGTH_TOO|BAD_LENGTH/],
        [Buffer.of(23, 3, 3, 1), /UNEXPECTED_EOF|ECONNRESET/],
      ];
      for (const [said, code] of endings) {
        const { port: between, put, close } = yield* promise(inBetween(port));
        const options = { tls: who.trust, servername: 'localhost' };
        const [reader, writer] = yield* openConnection('127.0.0.1', between, options);
        writer.write('hello');
        yield* writer.drain();
        put(said);
        expect(yield* failure(reader.read())).toMatch(code);
        writer.close();
        yield* failure(writer.waitClosed());
        close();
      }
      server.close();
      yield* server.waitClosed();
    });
  });
});

/** Relays one connection to `port` until it is told to `put` something and end. */
function inBetween(
  port: number,
): Promise<{ port: number; put: (bytes: Buffer) => void; close: () => void }> {
  return new Promise((resolve) => {
    let client: Socket;
    let target: Socket;
    const tcp = createTcpServer((socket) => {
      client = socket;
      target = tcpConnect(port, '127.0.0.1');
      for (const each of [client, target]) each.on('error', () => undefined);
      client.on('data', (data) => target.write(data));
      target.on('data', (data) => client.write(data));
      client.on('close', () => target.destroy());
    }).listen(0, '127.0.0.1', () =>
      resolve({
        port: (tcp.address() as AddressInfo).port,
        put: (bytes) => {
          target.removeAllListeners('data');
          client.end(bytes);
        },
        close: () => {
          client.destroy();
          target.destroy();
          tcp.close();
        },
      }),
    );
  });
}

/** Turns of the loop until `done` says so. */
function* turnsUntil(done: () => boolean, most: number): Coro<number> {
  for (let turns = 0; turns < most; turns++) {
    if (done()) return turns;
    yield;
  }
  return most;
}

test('while half handshakes stand and more come, a good client is served in a few turns', async () => {
  // Each takes two descriptors of this process.
  const STANDING = 40;
  const COMING = 40;
  await run(function* () {
    const loop = getRunningLoop();
    const server = yield* createServer(() => new Counting(), '127.0.0.1', 0, { tls: who.mine });
    const port = portOf(server);
    const flood: Transport[] = [];
    let answered = 0;
    class Half extends Protocol {
      override connectionMade(transport: Transport): void {
        flood.push(transport);
        transport.write(hello);
      }

      override dataReceived(): void {
        answered++;
      }
    }
    // Those that are still on their way at the end fail then.
    const more = (): unknown =>
      loop.createTask(() => failure(loop.createConnection(() => new Half(), '127.0.0.1', port)));
    for (let n = 0; n < STANDING; n++) more();
    // All of them have our answer, and say nothing to it.
    expect(yield* turnsUntil(() => answered >= STANDING, 2000)).toBeLessThan(2000);
    let coming = 0;
    const good = openConnection('localhost', port, { tls: who.trust });
    const turns = yield* turnsUntil(() => {
      if (coming < COMING) {
        coming++;
        more();
      }
      return good.done();
    }, 2000);
    // Its handshake is a handful of turns by itself; 16 of others are worked on in each.
    expect(turns).toBeLessThan(60);
    const [, writer] = yield* good;
    writer.close();
    for (const transport of flood) transport.abort();
    server.close();
    yield* server.waitClosed();
  });
});
