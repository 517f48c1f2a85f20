// TLS on connections that stand: both sides, with bytes that were there before, and TLS in TLS.
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { connect as nodeConnect, TLSSocket } from 'node:tls';

import {
  BufferedProtocol,
  createConnection,
  createServer,
  getRunningLoop,
  openConnection,
  promise,
  Protocol,
  run,
  sleep,
  startServer,
} from 'oxbow';
import type { Coro, Future, StreamReader, StreamWriter, Transport } from 'oxbow';

import { portOf, Recorder } from '../contract/tcp-support.ts';
import { bothHalves } from './halves.ts';
import { echo, failure, people, type People } from './tls-support.ts';

let who: People;

beforeAll(async () => {
  who = await people();
});

const client = { servername: 'localhost' };

/** Says go on to each STARTTLS and then speaks TLS. */
function* mailServer(reader: StreamReader, writer: StreamWriter): Coro<void> {
  writer.write('220 hello\r\n');
  while (String(yield* reader.readline()) === 'STARTTLS\r\n') {
    writer.write('220 go on\r\n');
    yield* writer.startTls(who.mine);
  }
  yield* echo(reader, writer);
}

describe.each(bothHalves())('through %s', (_name, half) => {
  beforeAll(half.use);
  afterAll(half.restore);

  test('STARTTLS with streams, and once more inside', async () => {
    await run(function* () {
      const server = yield* startServer(mailServer, '127.0.0.1', 0);
      const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server));
      expect(String(yield* reader.readline())).toBe('220 hello\r\n');
      for (let depth = 1; depth <= 3; depth++) {
        writer.write('STARTTLS\r\n');
        expect(String(yield* reader.readline())).toBe('220 go on\r\n');
        yield* writer.startTls(who.trust, client);
        expect(writer.getExtraInfo('tlsVersion')).toBe('TLSv1.3');
      }
      const text = 'through three of them '.repeat(20_000);
      writer.write('that was it\r\n');
      writer.write(text);
      writer.writeEof();
      expect(String(yield* reader.read()) === text).toBe(true);
      writer.close();
      yield* writer.waitClosed();
      server.close();
      yield* server.waitClosed();
    });
  });

  test('what came with the last line in clear goes to the handshake', async () => {
    await run(function* () {
      const made: Future<[StreamReader, StreamWriter]> = getRunningLoop().createFuture();
      const server = yield* startServer(
        (reader, writer) => made.setResult([reader, writer]),
        '127.0.0.1',
        0,
      );
      // The client does not wait for an answer: its line and its hello come in one piece.
      const hello = yield* promise(firstBytes());
      const [plain, toServer] = yield* openConnection('127.0.0.1', portOf(server));
      toServer.write(Buffer.concat([Buffer.from('STARTTLS\n'), hello]));
      const [reader, writer] = yield* made;
      expect(String(yield* reader.readline())).toBe('STARTTLS\n');
      const starting = writer.startTls(who.mine);
      // An answer to the hello, so it was seen.
      expect((yield* plain.read(3)).subarray(0, 2)).toEqual(Buffer.of(22, 3));
      starting.cancel();
      expect(yield* failure(starting)).toMatch(/Cancelled/);
      yield* writer.waitClosed();
      toServer.close();
      server.close();
    });
  });

  test('a handshake that is given up, in whichever turn, ends the connection silently', async () => {
    await run(function* () {
      const loop = getRunningLoop();
      const reports: unknown[] = [];
      loop.setExceptionHandler((_loop, { message, exception }) => {
        reports.push(`${message}: ${exception}`);
      });
      const server = yield* startServer(mailServer, '127.0.0.1', 0);
      const seen = { cancelled: 0, given: 0 };
      for (let turn = 0; seen.given < 2; turn++) {
        const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server));
        yield* reader.readline();
        writer.write('STARTTLS\r\n');
        yield* reader.readline();
        const starting = writer.startTls(who.trust, client);
        for (let passed = 0; passed < turn && !starting.done(); passed++) yield;
        if (starting.done()) seen.given++;
        else {
          starting.cancel();
          expect(yield* failure(starting)).toMatch(/Cancelled/);
          seen.cancelled++;
        }
        writer.close();
        yield* writer.waitClosed();
      }
      expect(seen.cancelled).toBeGreaterThan(2);
      server.closeClients();
      server.close();
      yield* server.waitClosed();
      expect(reports.filter((each) => String(each).includes('completion'))).toEqual([]);
    });
  });

  test('what somebody has put in before the handshake does not come through', async () => {
    await run(function* () {
      const failed: Future<string> = getRunningLoop().createFuture();
      const server = yield* startServer(
        function* (reader, writer) {
          yield* reader.readline();
          failed.setResult(yield* failure(writer.startTls(who.mine)));
          expect((yield* failure(reader.read())).slice(0, 8)).toBe('ERR_SSL_');
        },
        '127.0.0.1',
        0,
      );
      const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server));
      writer.write('STARTTLS\nEVIL COMMAND\n');
      expect(yield* failed).toMatch(/^ERR_SSL_(WRONG_VERSION_NUMBER|HTTP_REQUEST|.*)$/);
      yield* failure(reader.read());
      writer.close();
      server.close();
    });
  });

  test('protocols: Node at the other end, both ways round', async () => {
    await run(function* () {
      const loop = getRunningLoop();
      // We are the client.
      const tcp = createTcpServer((socket) => {
        socket.write('ready');
        socket.once('data', () => {
          const secure = new TLSSocket(socket, { isServer: true, ...who.mine });
          secure.on('error', () => undefined);
          secure.pipe(secure);
          socket.write('go');
        });
      });
      yield* promise(new Promise<void>((done) => tcp.listen(0, '127.0.0.1', done)));
      const { port } = tcp.address() as AddressInfo;
      const [transport, before] = yield* createConnection(() => new Recorder(), '127.0.0.1', port);
      yield* before.atLeast(5);
      transport.write('start');
      yield* before.atLeast(7);
      const after = new Recorder();
      expect(yield* loop.startTls(transport, after, who.trust, client)).toBe(transport);
      transport.write('hello');
      expect(String(yield* after.atLeast(5))).toBe('hello');
      expect([before.events.includes('lost'), after.events]).toEqual([false, ['data']]);
      transport.close();
      expect(yield* after.lost).toBe(null);
      tcp.close();

      // We are the server, reading into memory of the protocol's own.
      const heard: string[] = [];
      class Upper extends BufferedProtocol {
        readonly memory = Buffer.alloc(3);
        transport!: Transport;
        override getBuffer(): Buffer {
          return this.memory;
        }
        override bufferUpdated(count: number): void {
          const text = this.memory.toString('latin1', 0, count);
          heard.push(text);
          this.transport.write(text.toUpperCase());
        }
      }
      class Start extends Protocol {
        override connectionMade(transport: Transport): void {
          const upper = new Upper();
          upper.transport = transport;
          loop.createTask(function* () {
            yield* loop.startTls(transport, upper, who.mine, { serverSide: true });
          });
        }
      }
      const server = yield* createServer(() => new Start(), '127.0.0.1', 0);
      const text = yield* promise(
        new Promise<string>((resolve, reject) => {
          const socket = nodeConnect({ port: portOf(server), ca: who.root.cert, ...client });
          let got = '';
          socket.on('secureConnect', () => socket.write('hello world'));
          socket.on('data', (data) => {
            got += String(data);
            if (got.length === 11) socket.end();
          });
          socket.on('close', () => resolve(got));
          socket.on('error', reject);
        }),
      );
      expect(text).toBe('HELLO WORLD');
      expect(heard.join('')).toBe('hello world');
      expect(heard.every((piece) => piece.length <= 3)).toBe(true);
      server.close();
      yield* server.waitClosed();
    });
  });

  test('what is unsent leaves in clear, and what is written meanwhile under TLS', async () => {
    await run(function* () {
      const size = 8 << 20;
      const server = yield* startServer(
        function* (reader, writer) {
          yield* sleep(0.01);
          const clear = yield* reader.readexactly(size);
          expect(clear.every((byte) => byte === 1)).toBe(true);
          yield* writer.startTls(who.mine);
          yield* echo(reader, writer);
        },
        '127.0.0.1',
        0,
      );
      const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server));
      writer.write(Buffer.alloc(size, 1));
      const starting = writer.startTls(who.trust, client);
      yield;
      writer.write('secret');
      yield* starting;
      writer.write(' words');
      writer.writeEof();
      expect(String(yield* reader.read())).toBe('secret words');
      writer.close();
      server.close();
      yield* server.waitClosed();
    });
  });

  test('when it fails the connection is closed, and its protocol hears of it once', async () => {
    await run(function* () {
      const loop = getRunningLoop();
      const server = yield* startServer(
        function* (reader, writer) {
          yield* failure(writer.startTls(who.mine));
          yield* failure(reader.read());
        },
        '127.0.0.1',
        0,
      );
      const [transport, protocol] = yield* createConnection(
        () => new Recorder(),
        '127.0.0.1',
        portOf(server),
      );
      const next = new Recorder();
      const starting = loop.startTls(transport, next, who.trust, { servername: 'other.test' });
      expect(yield* failure(starting)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
      expect(yield* protocol.lost).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
      expect([protocol.events, next.events]).toEqual([['made', 'lost'], []]);
      server.close();
    });
  });

  test('what it refuses', async () => {
    await run(function* () {
      const loop = getRunningLoop();
      const server = yield* startServer(() => undefined, '127.0.0.1', 0);
      const [transport, protocol] = yield* createConnection(
        () => new Recorder(),
        '127.0.0.1',
        portOf(server),
      );
      const words = (...args: unknown[]): string => {
        try {
          void (loop.startTls as (...args: unknown[]) => unknown)(...args);
          return 'nothing';
        } catch (error) {
          return String(error);
        }
      };
      expect(words({}, protocol, true)).toMatch(/^TypeError: startTls\(\): transport must be a Tr/);
      expect(words(transport, protocol, true)).toMatch(/servername is missing/);
      expect(words(transport, protocol, false, client)).toMatch(/tls must not be false/);
      expect(words(transport, protocol, who.mine, { serverSide: true, ...client })).toMatch(
        /servername is for a client/,
      );
      expect(words(transport, protocol, true, { host: 'x' })).toMatch(/there is no option 'host'/);
      const starting = loop.startTls(transport, protocol, who.trust, client);
      expect(words(transport, protocol, who.trust, client)).toMatch(/under way/);
      starting.cancel();
      yield* failure(starting);
      expect(words(transport, protocol, who.trust, client)).toMatch(/closing or closed/);
      server.close();
    });
  });

  test('what came with the last line of an outer TLS goes to the inner handshake', async () => {
    await run(function* () {
      const made: Future<[StreamReader, StreamWriter]> = getRunningLoop().createFuture();
      const server = yield* startServer(
        (reader, writer) => made.setResult([reader, writer]),
        '127.0.0.1',
        0,
        { tls: who.mine },
      );
      const hello = yield* promise(firstBytes());
      const outer = { tls: who.trust, ...client };
      const [plain, toServer] = yield* openConnection('127.0.0.1', portOf(server), outer);
      toServer.write(Buffer.concat([Buffer.from('STARTTLS\n'), hello]));
      const [reader, writer] = yield* made;
      expect(String(yield* reader.readline())).toBe('STARTTLS\n');
      const starting = writer.startTls(who.mine);
      expect((yield* plain.read(3)).subarray(0, 2)).toEqual(Buffer.of(22, 3));
      starting.cancel();
      expect(yield* failure(starting)).toMatch(/Cancelled/);
      yield* writer.waitClosed();
      toServer.close();
      server.close();
    });
  });

  test('an inner handshake that fails, and an inner connection that is cut', async () => {
    await run(function* () {
      const seen: Future<string> = getRunningLoop().createFuture();
      const server = yield* startServer(
        function* (reader, writer) {
          if (String(yield* reader.readline()) === 'garbage\n') {
            writer.write('this is no TLS\n');
            yield* failure(reader.read());
            writer.close();
            return;
          }
          yield* writer.startTls(who.mine);
          writer.write('half of');
          yield* writer.drain();
          yield* reader.readexactly(2);
          writer.transport.abort();
          seen.setResult('cut');
        },
        '127.0.0.1',
        0,
        { tls: who.mine },
      );
      const outer = { tls: who.trust, ...client };
      {
        const [, writer] = yield* openConnection('127.0.0.1', portOf(server), outer);
        writer.write('garbage\n');
        expect(yield* failure(writer.startTls(who.trust, client))).toMatch(/^ERR_SSL_/);
        yield* failure(writer.waitClosed());
      }
      const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server), outer);
      writer.write('STARTTLS\n');
      yield* writer.startTls(who.trust, client);
      expect(String(yield* reader.readexactly(7))).toBe('half of');
      writer.write('go');
      expect(yield* seen).toBe('cut');
      expect(yield* failure(reader.read())).toMatch(/UNEXPECTED_EOF|ECONNRESET/);
      writer.close();
      yield* failure(writer.waitClosed());
      server.close();
      yield* server.waitClosed();
    });
  });

  test('a client that refuses a name hears of that alone', async () => {
    await run(function* () {
      const loop = getRunningLoop();
      const reported: unknown[] = [];
      loop.setExceptionHandler((_loop, { exception }) => reported.push(exception));
      const server = yield* startServer(
        function* (_reader, writer) {
          writer.write('220 hello\r\n');
          yield* failure(writer.startTls(who.mine));
        },
        '127.0.0.1',
        0,
      );
      const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server));
      yield* reader.readline();
      const starting = writer.startTls(who.trust, { servername: 'other.test' });
      expect(yield* failure(starting)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
      yield* failure(writer.waitClosed());
      expect(reported).toEqual([]);
      server.close();
      yield* server.waitClosed();
    });
  });

  test('megabytes through TLS in TLS, with a reader that holds them up', async () => {
    await run(function* () {
      const server = yield* startServer(mailServer, '127.0.0.1', 0);
      const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server), { limit: 4096 });
      yield* reader.readline();
      for (let depth = 1; depth <= 2; depth++) {
        writer.write('STARTTLS\r\n');
        yield* reader.readline();
        yield* writer.startTls(who.trust, client);
      }
      writer.write('that was it\r\n');
      const piece = Buffer.from('0123456789abcdef'.repeat(4096));
      const count = 48;
      const sending = getRunningLoop().createTask(function* () {
        for (let n = 0; n < count; n++) {
          writer.write(piece);
          yield* writer.drain();
        }
        writer.writeEof();
      });
      let got = 0;
      for (let n = 0; n < count; n++) {
        expect((yield* reader.readexactly(piece.length)).equals(piece)).toBe(true);
        got += piece.length;
      }
      expect(String(yield* reader.read())).toBe('');
      expect(got).toBe(count * piece.length);
      yield* sending;
      writer.close();
      yield* writer.waitClosed();
      server.close();
      yield* server.waitClosed();
    });
  });
});

/** The ClientHello of Node's own client. */
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
      nodeConnect({ port, host: '127.0.0.1', ca: who.root.cert, ...client }).on(
        'error',
        () => undefined,
      );
    });
  });
}
