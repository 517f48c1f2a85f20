// Connections with TLS: ours with ours, and with Node's own at the other end.
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import {
  createConnection,
  createServer,
  openConnection,
  Protocol,
  promise,
  run,
  startServer,
  TlsContext,
} from 'oxbow';
import type { Coro, StreamReader, StreamWriter, Transport } from 'oxbow';

import { clientCertificate, serverCertificate } from '../support/certificates.ts';
import { portOf, Recorder } from '../contract/tcp-support.ts';
import { bothHalves } from './halves.ts';
import { echo, failure, nodeClient, nodeServer, people, type People } from './tls-support.ts';

let who: People;

beforeAll(async () => {
  who = await people();
});

/** What somebody hears who says `text` to `port`, and what is known of the connection. */
function* ask(
  port: number,
  tls: TlsContext | object,
  text: string,
  names: string[] = [],
): Coro<{ heard: string; known: Record<string, unknown> }> {
  const [reader, writer] = yield* openConnection('localhost', port, { tls });
  writer.write(text);
  writer.writeEof();
  const heard = String(yield* reader.read());
  const known = Object.fromEntries(names.map((name) => [name, writer.getExtraInfo(name)]));
  writer.close();
  yield* writer.waitClosed();
  return { heard, known };
}

describe.each(bothHalves())('through %s', (name, half) => {
  beforeAll(half.use);
  afterAll(half.restore);

  test('what is said goes both ways, and both ends say goodbye', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      await run(function* () {
        const options = { tls: { ...who.mine, minVersion: version, ALPNProtocols: ['a', 'b'] } };
        const server = yield* startServer(echo, '127.0.0.1', 0, options);
        const tls = { ...who.trust, maxVersion: version, ALPNProtocols: ['c', 'b', 'a'] };
        const text = 'hello '.repeat(50_000);
        const names = ['tlsVersion', 'alpnProtocol', 'servername', 'tlsSessionReused', 'cipher'];
        const { heard, known } = yield* ask(portOf(server), tls, text, names);
        expect(heard === text).toBe(true);
        const { cipher, ...others } = known;
        expect(others).toEqual({
          tlsVersion: version,
          alpnProtocol: 'a',
          servername: 'localhost',
          tlsSessionReused: false,
        });
        expect(cipher).toEqual({
          name: expect.any(String),
          standardName: expect.stringMatching(/^TLS_/),
          version,
        });
        server.close();
        yield* server.waitClosed();
      });
    }
  });

  test("Node's client and server at the other end", async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      await run(function* () {
        const both = { minVersion: version, maxVersion: version };
        const text = 'x'.repeat(1 << 20);
        const theirs = yield* promise(nodeServer({ ...who.mine, ...both }));
        expect((yield* ask(theirs.port, { ...who.trust, ...both }, text)).heard === text).toBe(
          true,
        );
        yield* promise(theirs.close());

        const ours = yield* startServer(echo, '127.0.0.1', 0, { tls: { ...who.mine, ...both } });
        const { heard, error, socket } = yield* promise(
          nodeClient({ port: portOf(ours), ...who.trust }, text),
        );
        expect([heard === text, error, socket.authorized]).toEqual([true, null, true]);
        ours.close();
        yield* ours.waitClosed();
      });
    }
  });

  test('a protocol begins when the handshake is through', async () => {
    await run(function* () {
      const events: string[] = [];
      class Greeter extends Protocol {
        override connectionMade(transport: Transport): void {
          events.push(`made ${transport.getExtraInfo('tlsVersion') as string}`);
          transport.write('welcome');
          transport.close();
        }
      }
      const server = yield* createServer(() => new Greeter(), '127.0.0.1', 0, { tls: who.mine });
      const [, client] = yield* createConnection(
        () => new Recorder(),
        '127.0.0.1',
        portOf(server),
        {
          tls: who.trust,
        },
      );
      expect(client.events[0]).toBe('made');
      expect(yield* client.lost).toBe(null);
      expect(String(client.received)).toBe('welcome');
      expect(events).toEqual(['made TLSv1.3']);
      server.close();
    });
  });

  test('the certificate of the peer as Node shows it', async () => {
    await run(function* () {
      const theirs = yield* promise(nodeServer(who.mine));
      const [, writer] = yield* openConnection('localhost', theirs.port, { tls: who.trust });
      const certificate = writer.getExtraInfo('peercert') as { subject: object; raw: Buffer };
      expect(certificate.subject).toMatchObject({ CN: 'localhost' });
      expect(certificate).toHaveProperty('fingerprint256');
      expect(writer.getExtraInfo('tlsContext')).toBeInstanceOf(TlsContext);
      expect(writer.getExtraInfo('authorizationError', 'none')).toBe('none');
      writer.close();
      yield* writer.waitClosed();
      yield* promise(theirs.close());
    });
  });

  test('who is not right gets not a byte of ours', async () => {
    const expired = await serverCertificate(who.root, { validity: 'expired' });
    const other = await serverCertificate(who.root, { dns: ['other.test'] });
    const alone = await serverCertificate(null);
    await run(function* () {
      for (const [issued, code] of [
        [expired, 'CERT_HAS_EXPIRED'],
        [other, 'ERR_TLS_CERT_ALTNAME_INVALID'],
        [alone, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
      ] as const) {
        const heard: string[] = [];
        const listen = function* (reader: StreamReader, writer: StreamWriter): Coro<void> {
          try {
            heard.push(String(yield* reader.read()));
          } catch {
            // That the client goes away without a goodbye is right.
          }
          writer.close();
        };
        const tls = { cert: issued.chain, key: issued.key };
        const server = yield* startServer(listen, '127.0.0.1', 0, { tls });
        const port = portOf(server);
        const refused = openConnection('localhost', port, { tls: who.trust });
        expect(yield* failure(refused)).toBe(code);
        const lenient = { ...who.trust, rejectUnauthorized: false };
        const [, writer] = yield* openConnection('localhost', port, { tls: lenient });
        const known = code.startsWith('ERR_TLS') ? 'none' : code;
        expect(writer.getExtraInfo('authorizationError', 'none')).toBe(known);
        writer.close();
        yield* writer.waitClosed();
        server.close();
        yield* server.waitClosed();
        expect(heard.join('')).toBe('');
      }
    });
  });

  test('a peer without TLS, and one that goes away', async () => {
    const sockets: Socket[] = [];
    const heard: Buffer[] = [];
    const plain = createTcpServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.once('data', (data) => {
        heard.push(data);
        if (heard.length === 1) socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
        else socket.end();
      });
    });
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    await run(function* () {
      const connect = (): Coro<unknown> =>
        (function* () {
          return yield* openConnection('127.0.0.1', port, { tls: who.trust });
        })();
      expect(yield* failure(connect())).toBe('ERR_SSL_WRONG_VERSION_NUMBER');
      expect(yield* failure(connect())).toBe('ECONNRESET');
      // A ClientHello, and nothing else.
      expect(heard.map((bytes) => bytes[0])).toEqual([22, 22]);
    });
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => plain.close(resolve));
  });

  test('a cut is no end', async () => {
    await run(function* () {
      const cut = function* (_reader: StreamReader, writer: StreamWriter): Coro<void> {
        writer.write('not all');
        yield* writer.drain();
        writer.transport.abort();
      };
      const server = yield* startServer(cut, '127.0.0.1', 0, { tls: who.mine });
      const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server), {
        tls: who.trust,
      });
      expect(yield* failure(reader.read())).toBe('ERR_SSL_UNEXPECTED_EOF_WHILE_READING');
      writer.close();
      server.close();
    });
  });

  test('clients show who they are', async () => {
    const trusted = await clientCertificate(who.root, 'alice');
    await run(function* () {
      const names: unknown[] = [];
      const greet = function* (reader: StreamReader, writer: StreamWriter): Coro<void> {
        const peer = writer.getExtraInfo('peercert') as { subject: { CN: string } } | null;
        names.push(peer?.subject.CN ?? null);
        yield* echo(reader, writer);
      };
      const tls = { ...who.mine, ca: who.root.cert, requestCert: true };
      const server = yield* startServer(greet, '127.0.0.1', 0, { tls });
      const port = portOf(server);
      const alice = { ...who.trust, cert: trusted.chain, key: trusted.key };
      expect((yield* ask(port, alice, 'hello')).heard).toBe('hello');
      // In TLS 1.3 a client hears of it when it reads; node:tls may hang up before it has said so.
      const told = /^ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED$/;
      const hungUp = /^(?:ERR_SSL_.*|ECONNRESET|EPIPE)$/;
      expect(yield* failure(ask(port, who.trust, 'hello'))).toMatch(
        name === 'OpenSSL' ? told : hungUp,
      );
      expect(names).toEqual(['alice']);
      server.close();
      yield* server.waitClosed();
    });
  });

  test('sessions are gone on with, also after an update of the server', async () => {
    await run(function* () {
      const context = new TlsContext(who.mine);
      const server = yield* startServer(echo, '127.0.0.1', 0, { tls: context });
      const theirs = yield* promise(nodeServer(who.mine));
      for (const port of [portOf(server), theirs.port]) {
        for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
          const client = new TlsContext({ ...who.trust, maxVersion: version });
          const reused: unknown[] = [];
          for (let n = 0; n < 4; n++) {
            if (n === 3) context.update({ ALPNProtocols: ['new'] });
            const { known } = yield* ask(port, client, 'x', ['tlsSessionReused']);
            reused.push(known['tlsSessionReused']);
          }
          expect(reused).toEqual([false, true, true, true]);
          // Whom to trust may be another matter now.
          client.update({});
          const { known } = yield* ask(port, client, 'x', ['tlsSessionReused']);
          expect(known['tlsSessionReused']).toBe(false);
        }
      }
      server.close();
      yield* promise(theirs.close());
    });
  });

  test('certificates by name', async () => {
    const one = await serverCertificate(who.root, { dns: ['one.test'] });
    const two = await serverCertificate(who.root, { dns: ['*.two.test'] });
    const pair = (issued: typeof one): object => ({ cert: issued.chain, key: issued.key });
    await run(function* () {
      const table = { 'one.test': pair(one), '*.two.test': pair(two) };
      const asked: string[] = [];
      const choose = async (name: string): Promise<object | null> => {
        asked.push(name);
        await null;
        if (name === 'broken.test') throw new Error('no such name');
        return name.endsWith('two.test') ? pair(two) : name === 'one.test' ? pair(one) : null;
      };
      for (const sni of [table, choose]) {
        const tls = { ...who.mine, sni };
        const server = yield* startServer(echo, '127.0.0.1', 0, { tls });
        for (const name of ['one.test', 'a.two.test', 'localhost']) {
          const [, writer] = yield* openConnection('127.0.0.1', portOf(server), {
            tls: who.trust,
            servername: name,
          });
          expect(writer.getExtraInfo('servername')).toBe(name);
          writer.close();
          yield* writer.waitClosed();
        }
        if (sni === choose) {
          const broken = openConnection('127.0.0.1', portOf(server), {
            tls: who.trust,
            servername: 'broken.test',
          });
          expect(yield* failure(broken)).toBe('ERR_SSL_TLSV1_UNRECOGNIZED_NAME');
        }
        server.close();
        yield* server.waitClosed();
      }
      expect(asked).toEqual(['one.test', 'a.two.test', 'localhost', 'broken.test']);
    });
  });

  test('a handshake has its time, and a server that closes ends those on their way', async () => {
    await run(function* () {
      const server = yield* startServer(echo, '127.0.0.1', 0, {
        tls: who.mine,
        handshakeTimeout: '20ms',
      });
      const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server));
      expect((yield* reader.read()).length).toBe(0);
      writer.close();
      server.close();
      yield* server.waitClosed();

      const silent = yield* startServer(() => undefined, '127.0.0.1', 0);
      const late = openConnection('127.0.0.1', portOf(silent), {
        tls: who.trust,
        handshakeTimeout: '20ms',
      });
      expect(yield* failure(late)).toBe('ERR_TLS_HANDSHAKE_TIMEOUT');
      silent.close();
    });
  });
});

test('options that mean nothing without TLS, and options of the other side', async () => {
  await run(function* () {
    const words = (call: () => unknown): string => {
      try {
        call();
      } catch (error) {
        return String(error);
      }
      return 'nothing';
    };
    expect(words(() => openConnection('x', 1, { servername: 'y' }))).toBe(
      'TypeError: openConnection(): servername is only meaningful with tls',
    );
    expect(words(() => startServer(echo, 'x', 1, { handshakeTimeout: 1 }))).toBe(
      'TypeError: startServer(): handshakeTimeout is only meaningful with tls',
    );
    expect(words(() => openConnection('x', 1, { tls: true, handshakeTimeout: 0 }))).toBe(
      'RangeError: openConnection(): handshakeTimeout must be more than 0, not 0',
    );
    expect(words(() => startServer(echo, 'x', 1, { tls: who.trust }))).toMatch(
      /needs cert and key/,
    );
    yield;
  });
});
