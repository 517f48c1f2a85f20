// Connections with TLS, of ours and of Node's at the other end, through both halves.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';

import { Future, openConnection, promise, run, TlsContext } from 'oxbow';
import type { StreamReader, StreamWriter, TlsOptions } from 'oxbow';

import { authority, clientCertificate, serverCertificate } from '../support/certificates.ts';
import type { Issued } from '../support/certificates.ts';
import { commands, testWith } from '../support/needs.ts';
import { bothHalves, NodeServer, withServer } from './halves.ts';

let root: Issued;
let server: Issued;
let own: TlsOptions;
let trusting: TlsOptions;

beforeAll(async () => {
  root = await authority('root');
  server = await serverCertificate(root);
  own = { cert: server.chain, key: server.key };
  trusting = { ca: root.cert };
});

/** Sends back what comes; a client that has seen enough may go. */
const echo = async (reader: StreamReader, writer: StreamWriter): Promise<void> => {
  try {
    for (let data; (data = await reader.read(65536)).length > 0;) {
      writer.write(data);
      await writer.drain();
    }
  } catch (error) {
    if (!/^(?:ECONNRESET|EPIPE)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  writer.close();
};

const readAll = (reader: StreamReader): PromiseLike<Buffer> => reader.read();

/** The code of what it fails with; null when it does not. */
async function codeOf(call: PromiseLike<unknown>): Promise<string | null> {
  try {
    await call;
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

describe.each(bothHalves())('through %s', (_name, half) => {
  beforeAll(half.use);
  afterAll(half.restore);

  test('megabytes there and back', () =>
    withServer(echo, { tls: own }, async (port) => {
      const sent = randomBytes(4 * 2 ** 20);
      const [reader, writer] = await openConnection('localhost', port, { tls: trusting });
      writer.write(sent);
      writer.writeEof();
      const received = await readAll(reader);
      const hash = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
      expect(hash(received)).toBe(hash(sent));
      writer.close();
      await writer.waitClosed();
    }));

  test('a hundred connections at once', () =>
    withServer(echo, { tls: own }, async (port) => {
      const context = new TlsContext(trusting);
      const all = Array.from({ length: 100 }, async (_, n) => {
        const [reader, writer] = await openConnection('localhost', port, { tls: context });
        writer.write(`number ${n}\n`);
        const line = await reader.readline();
        writer.close();
        await writer.waitClosed();
        return line.toString();
      });
      expect(await Promise.all(all)).toEqual(all.map((_, n) => `number ${n}\n`));
    }));

  test('a goodbye in one direction leaves the other', () =>
    withServer(
      async (reader, writer) => {
        const request = await readAll(reader);
        writer.write(`you said ${request.toString()}`);
        writer.close();
      },
      { tls: own },
      async (port) => {
        const [reader, writer] = await openConnection('localhost', port, { tls: trusting });
        writer.write('hello');
        writer.writeEof();
        expect((await readAll(reader)).toString()).toBe('you said hello');
        writer.close();
        await writer.waitClosed();
      },
    ));

  test('a peer that does not read holds up who writes', () =>
    run(async () => {
      const { promise: accepted, resolve } = deferred<tls.TLSSocket>();
      const peer = tls.createServer({ cert: server.chain, key: server.key }, (socket) => {
        socket.pause();
        socket.on('error', () => {});
        resolve(socket);
      });
      peer.listen(0);
      await once(peer, 'listening');
      const { port } = peer.address() as AddressInfo;
      const [, writer] = await openConnection('localhost', port, { tls: trusting });
      const socket = await accepted;
      const piece = Buffer.alloc(2 ** 20, 'x');
      for (let n = 0; n < 16; n++) writer.write(piece);
      const ended = once(socket, 'end');
      const drained = writer.drain();
      for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
      expect(drained.done()).toBe(false);
      expect(writer.transport.getWriteBufferSize()).toBeGreaterThan(2 ** 20);
      let received = 0;
      socket.on('data', (data: Buffer) => (received += data.length));
      socket.resume();
      await drained;
      writer.close();
      await writer.waitClosed();
      await ended;
      expect(received).toBe(16 * 2 ** 20);
      socket.destroy();
      peer.close();
    }));

  test('who does not read holds up the peer', () =>
    run(async () => {
      const { promise: accepted, resolve } = deferred<tls.TLSSocket>();
      const peer = tls.createServer({ cert: server.chain, key: server.key }, resolve);
      peer.listen(0);
      await once(peer, 'listening');
      const { port } = peer.address() as AddressInfo;
      const [reader, writer] = await openConnection('localhost', port, { tls: trusting });
      writer.transport.pauseReading();
      const socket = await accepted;
      const size = 16 * 2 ** 20;
      socket.end(Buffer.alloc(size, 'x'));
      for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
      expect(socket.writableLength).toBeGreaterThan(0);
      writer.transport.resumeReading();
      const received = await readAll(reader);
      expect(received.length).toBe(size);
      writer.close();
      await writer.waitClosed();
      peer.close();
    }));

  test('what is cut off is an error', () =>
    run(async () => {
      await using peer = await NodeServer.start({ cert: server.chain, key: server.key });
      await using proxy = await CuttingProxy.start(peer.port);
      const [reader, writer] = await openConnection('localhost', proxy.port, { tls: trusting });
      writer.write('hello');
      expect((await reader.readexactly(5)).toString()).toBe('hello');
      proxy.cut();
      const error: NodeJS.ErrnoException = await reader.read().then(
        () => null as never,
        (reason: unknown) => reason as never,
      );
      expect(error.code).toBe('ERR_SSL_UNEXPECTED_EOF_WHILE_READING');
      writer.close();
    }));

  test('a peer that goes away in the handshake', () =>
    run(async () => {
      const peer = net.createServer((socket) => socket.end());
      peer.listen(0);
      await once(peer, 'listening');
      const { port } = peer.address() as AddressInfo;
      const opening = openConnection('localhost', port, { tls: trusting });
      expect(await codeOf(opening)).toBe('ECONNRESET');
      peer.close();
    }));

  test('a peer that speaks plain text gets nothing', () =>
    run(async () => {
      let received = Buffer.alloc(0);
      const peer = net.createServer((socket) => {
        socket.on('data', (data) => (received = Buffer.concat([received, data])));
        socket.on('error', () => {});
        socket.once('data', () => socket.write('220 mail.example.com ESMTP\r\n'));
      });
      peer.listen(0);
      await once(peer, 'listening');
      const { port } = peer.address() as AddressInfo;
      const opening = openConnection('localhost', port, { tls: trusting });
      expect(await codeOf(opening)).toMatch(
        /^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/,
      );
      // A ClientHello, and perhaps an alert.
      expect(received[0]).toBe(0x16);
      peer.close();
    }));

  test('a plain client is not let in', () =>
    withServer(
      () => {
        throw new Error('let in');
      },
      { tls: own },
      async (port) => {
        const socket = net.connect(port, '127.0.0.1');
        socket.on('error', () => {});
        socket.write('GET / HTTP/1.1\r\n\r\n');
        socket.resume();
        await once(socket, 'close');
      },
    ));

  test('a handshake has its time', () =>
    run(async () => {
      const peer = net.createServer((socket) => socket.on('error', () => {}));
      peer.listen(0);
      await once(peer, 'listening');
      const { port } = peer.address() as AddressInfo;
      const options = { tls: { ...trusting, handshakeTimeout: '20ms' } };
      const opening = openConnection('localhost', port, options);
      expect(await codeOf(opening)).toBe('ERR_TLS_HANDSHAKE_TIMEOUT');
      peer.close();
    }));

  test('a handshake can be aborted', () =>
    run(async () => {
      const { promise: gone, resolve } = deferred<void>();
      const peer = net.createServer((socket) => {
        socket.resume();
        socket.on('error', () => {});
        socket.on('close', () => resolve());
      });
      peer.listen(0);
      await once(peer, 'listening');
      const { port } = peer.address() as AddressInfo;
      const stop = new AbortController();
      const opening = openConnection('localhost', port, { tls: trusting, signal: stop.signal });
      await once(peer, 'connection');
      stop.abort();
      expect(await codeOf(opening)).toBe('ABORT_ERR');
      await gone;
      peer.close();
    }));

  test('versions that have nothing in common', () =>
    run(async () => {
      const only = (version: tls.SecureVersion) => ({ minVersion: version, maxVersion: version });
      for (const [ours, theirs] of [
        ['TLSv1.2', 'TLSv1.3'],
        ['TLSv1.3', 'TLSv1.2'],
      ] as const) {
        const shown = { cert: server.chain, key: server.key };
        await using peer = await NodeServer.start({ ...shown, ...only(theirs) });
        const tlsOptions = { ...trusting, ...only(ours) } as TlsOptions;
        const code = await codeOf(openConnection('localhost', peer.port, { tls: tlsOptions }));
        expect(code).toMatch(/^ERR_SSL_(?:TLSV1_ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL)$/);
      }
    }));

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s: what is known of a connection', (version) =>
    withServer(
      async (_reader, writer) => {
        const known = ['tlsVersion', 'alpnProtocol', 'servername'].map((name) =>
          writer.getExtraInfo(name),
        );
        writer.write(JSON.stringify(known));
        writer.close();
      },
      { tls: { ...own, ALPNProtocols: ['b', 'a'] } },
      async (port) => {
        const context = new TlsContext({
          ...trusting,
          maxVersion: version,
          ALPNProtocols: ['a', 'b'],
        });
        const [reader, writer] = await openConnection('localhost', port, { tls: context });
        const { transport } = writer;
        expect(JSON.parse((await readAll(reader)).toString())).toEqual([version, 'b', 'localhost']);
        expect(transport.getExtraInfo('tlsVersion')).toBe(version);
        expect(transport.getExtraInfo('alpnProtocol')).toBe('b');
        expect(transport.getExtraInfo('servername')).toBe('localhost');
        expect(transport.getExtraInfo('tlsContext')).toBe(context);
        expect(transport.getExtraInfo('cipher')).toEqual({
          name: expect.stringMatching(/AES|CHACHA/),
          standardName: expect.stringMatching(/^TLS_/),
          version: expect.stringMatching(/^TLSv1/),
        });
        const { subject, valid_to: until } = transport.getExtraInfo(
          'peercert',
        ) as tls.PeerCertificate;
        expect([subject.CN, until]).toEqual(['localhost', 'Jan  1 00:00:00 2099 GMT']);
        const [host, peerPort] = transport.getExtraInfo('peername') as [string, number];
        expect([net.isIP(host) !== 0, peerPort]).toEqual([true, port]);
        writer.close();
        await writer.waitClosed();
      },
    ),
  );

  test('certificates by name', async () => {
    const other = await serverCertificate(root, { dns: ['*.other.test'], ips: [] });
    const [cert, key] = [other.chain, other.key];
    const servers: TlsOptions[] = [
      { ...own, sni: { '*.other.test': { cert, key } } },
      { ...own, sni: (name) => (name.endsWith('.other.test') ? { cert, key } : null) },
      { sni: async (name) => (name === 'localhost' ? own : new TlsContext({ cert, key })) },
    ];
    for (const options of servers) {
      await withServer(echo, { tls: options }, async (port) => {
        for (const [name, subject] of [
          ['a.other.test', '*.other.test'],
          ['localhost', 'localhost'],
        ] as const) {
          const [, writer] = await openConnection('localhost', port, {
            tls: { ...trusting, servername: name },
          });
          const { subject: shown } = writer.getExtraInfo('peercert') as tls.PeerCertificate;
          expect(shown.CN).toBe(subject);
          writer.close();
          await writer.waitClosed();
        }
      });
    }
  });

  test('a client has to show who it is', async () => {
    const known = await clientCertificate(root, 'alice');
    const stranger = await clientCertificate(await authority('stranger'), 'eve');
    const clients: [string, TlsOptions, boolean][] = [
      ['alice', { cert: known.chain, key: known.key }, true],
      ['eve', { cert: stranger.chain, key: stranger.key }, false],
      ['nobody', {}, false],
    ];
    const served: string[] = [];
    await withServer(
      async (_reader, writer) => {
        const { subject } = writer.getExtraInfo('peercert') as tls.PeerCertificate;
        served.push(String(subject.CN));
        writer.write('welcome');
        writer.close();
      },
      { tls: { ...own, ca: root.cert, requestCert: true } },
      async (port) => {
        for (const [, options, welcome] of clients) {
          const text = openConnection('localhost', port, { tls: { ...trusting, ...options } }).then(
            async ([reader, writer]) => {
              try {
                return (await readAll(reader)).toString();
              } finally {
                writer.close();
              }
            },
          );
          // In TLS 1.3 a client hears of it only when it reads.
          if (welcome) expect(await text).toBe('welcome');
          else expect(await codeOf(text)).toMatch(/^ERR_SSL_|^ECONNRESET$|^EPIPE$/);
        }
      },
    );
    expect(served).toEqual(['alice']);
  });

  test('a context changes under traffic', async () => {
    const next = await serverCertificate(root, { dns: ['localhost', 'next.test'] });
    const context = new TlsContext(own);
    await withServer(echo, { tls: context }, async (port) => {
      const namesOf = async (): Promise<[StreamReader, StreamWriter, string]> => {
        const [reader, writer] = await openConnection('localhost', port, { tls: trusting });
        const { subjectaltname } = writer.getExtraInfo('peercert') as tls.PeerCertificate;
        return [reader, writer, subjectaltname ?? ''];
      };
      const [reader, writer, before] = await namesOf();
      expect(before).not.toMatch(/next/);
      expect(() => context.update({ cert: next.chain })).toThrow(/the key is not that of/);
      expect((await namesOf())[2]).toBe(before);
      context.update({ cert: next.chain, key: next.key });
      const [, , after] = await namesOf();
      expect(after).toMatch(/next\.test/);
      // What stood goes on.
      writer.write('still here');
      expect((await reader.readexactly(10)).toString()).toBe('still here');
    });
  });

  test('a session goes on', () =>
    withServer(echo, { tls: own }, async (port) => {
      const context = new TlsContext({ ...trusting, maxVersion: 'TLSv1.2' });
      const connect = async (session?: Uint8Array): Promise<[unknown, Buffer]> => {
        if (session !== undefined) context.update({ session });
        const [reader, writer] = await openConnection('localhost', port, { tls: context });
        writer.write('x');
        await reader.readexactly(1);
        const known = writer.getExtraInfo('tlsSession') as Buffer;
        const reused = writer.getExtraInfo('tlsSessionReused');
        writer.close();
        await writer.waitClosed();
        return [reused, known];
      };
      const [first, session] = await connect();
      const [second] = await connect(session);
      expect([first, second]).toEqual([false, true]);
    }));

  test('keys are logged where that is asked for', () =>
    withServer(echo, { tls: own }, async (port) => {
      const lines: string[] = [];
      const [reader, writer] = await openConnection('localhost', port, {
        tls: { ...trusting, keylog: (line) => lines.push(line.toString()) },
      });
      writer.write('x');
      await reader.readexactly(1);
      writer.close();
      await writer.waitClosed();
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) expect(line).toMatch(/^[A-Z0-9_]+ [0-9a-f]{64} [0-9a-f]+\n$/);
    }));

  const testOpenssl = testWith(commands('openssl'));

  testOpenssl('openssl s_client is a client of ours', () =>
    withServer(echo, { tls: own }, async (port) => {
      const child = spawn('openssl', [
        's_client',
        ...['-connect', `127.0.0.1:${port}`, '-servername', 'localhost', '-quiet', '-no_ign_eof'],
      ]);
      let said = '';
      child.stdout.on('data', (data) => (said += String(data)));
      child.stdin.write('hello\n');
      while (!said.includes('hello\n')) await once(child.stdout, 'data');
      child.stdin.end();
      await once(child, 'close');
      expect(said).toBe('hello\n');
    }),
  );
});

test('a cancelled handshake leaves nothing behind', () =>
  run(function* () {
    const waiting = new Future<void>();
    const peer = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.resume();
      socket.on('close', () => waiting.setResult(undefined));
    });
    yield* promise(new Promise<void>((resolve) => peer.listen(0, resolve)));
    const { port } = peer.address() as AddressInfo;
    const opening = openConnection('localhost', port, { tls: trusting });
    yield* promise(once(peer, 'connection'));
    opening.cancel();
    yield* waiting;
    peer.close();
  }));

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const made = new Promise<T>((done) => (resolve = done));
  return { promise: made, resolve };
}

/** Hands bytes on until it is told to cut the connections off. */
class CuttingProxy {
  readonly #server: net.Server;
  readonly #sockets: Set<net.Socket> = new Set();

  private constructor(port: number) {
    this.#server = net.createServer((near) => {
      const far = net.connect(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on('error', () => {});
        from.on('data', (data) => to.write(data));
      }
    });
  }

  static async start(port: number): Promise<CuttingProxy> {
    const made = new CuttingProxy(port);
    made.#server.listen(0);
    await once(made.#server, 'listening');
    return made;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Closes as a peer does who has nothing more to say, and does not say so. */
  cut(): void {
    for (const socket of this.#sockets) socket.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
