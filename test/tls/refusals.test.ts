// Who is refused, and who refuses: what each side hears of it, through both halves.
import { spawnSync } from 'node:child_process';
import { connect as tcpConnect } from 'node:net';
import tls from 'node:tls';

import {
  type ConnectionOptions,
  type Coro,
  createTask,
  type EventLoop,
  getRunningLoop,
  openConnection,
  Protocol,
  promise,
  run,
  Socket,
  startServer,
} from 'oxbow';
import type { StreamReader, StreamWriter, TlsOptions } from 'oxbow';

import { portOf, Recorder, until } from '../contract/tcp-support.ts';
import { clientCertificate, revocationList, serverCertificate } from '../support/certificates.ts';
import type { Issued } from '../support/certificates.ts';
import { ROOT } from '../support/root.ts';
import { bothHalves } from './halves.ts';
import { echo, failure, nodeClient, nodeServer, people, type People } from './tls-support.ts';

let who: People;
let other: Issued;

beforeAll(async () => {
  who = await people();
  other = await serverCertificate(who.root, { dns: ['other.test'], ips: [] });
});

/** What is reported of `body` to the loop's exception handler. */
function* reportedBy(loop: EventLoop, body: () => Coro<void>): Coro<unknown[]> {
  const reported: unknown[] = [];
  loop.setExceptionHandler((_loop, { exception }) => reported.push(exception));
  yield* body();
  return reported;
}

describe.each(bothHalves())('through %s', (name, half) => {
  beforeAll(half.use);
  afterAll(half.restore);

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s: a name that nobody has', (maxVersion) =>
    run(function* () {
      const pair = { cert: other.chain, key: other.key };
      const asked: string[] = [];
      const refusing: TlsOptions['sni'][] = [
        { 'other.test': pair },
        () => null,
        // A second question would be another answer.
        async (name) => void asked.push(name),
        () => {
          throw new Error('mine');
        },
        async () => {
          throw new Error('mine');
        },
      ];
      for (const sni of refusing) {
        const server = yield* startServer(echo, '127.0.0.1', 0, { tls: { sni } });
        const port = portOf(server);
        const { error } = yield* promise(nodeClient({ port, ...who.trust, maxVersion }, 'x'));
        expect(error?.code).toBe('ERR_SSL_TLSV1_UNRECOGNIZED_NAME');
        const ours = openConnection('localhost', port, { tls: { ...who.trust, maxVersion } });
        expect(yield* failure(ours)).toBe('ERR_SSL_TLSV1_UNRECOGNIZED_NAME');
        server.close();
        yield* server.waitClosed();
      }
      expect(asked).toEqual(['localhost', 'localhost']);
    }),
  );

  test('a certificate of another context, and what the first one has agreed on', () =>
    run(function* () {
      const sni = { 'other.test': { cert: other.chain, key: other.key } };
      // Only this curve: the client has to say hello twice.
      const own = { ...who.mine, ALPNProtocols: ['a'], ecdhCurve: 'P-384', sni };
      const server = yield* startServer(echo, '127.0.0.1', 0, { tls: own });
      for (const servername of ['other.test', 'localhost']) {
        const [, writer] = yield* openConnection('127.0.0.1', portOf(server), {
          tls: { ...who.trust, ALPNProtocols: ['a'], ecdhCurve: 'P-256:P-384' },
          servername,
        });
        expect(writer.getExtraInfo('alpnProtocol')).toBe('a');
        writer.close();
        yield* writer.waitClosed();
      }
      server.close();
      yield* server.waitClosed();
    }));

  test('a client that does not like our certificate is no error of ours', () =>
    run(function* () {
      const loop = getRunningLoop();
      const wrong = { cert: other.chain, key: other.key };
      const lost: unknown[] = [];
      const reported = yield* reportedBy(loop, function* () {
        const heard = function* (reader: StreamReader, writer: StreamWriter): Coro<void> {
          try {
            yield* echo(reader, writer);
          } catch (error) {
            lost.push((error as NodeJS.ErrnoException).code);
            throw error;
          }
        };
        for (const handler of [heard, async (reader: StreamReader) => void (await reader.read())]) {
          const server = yield* startServer(handler, '127.0.0.1', 0, { tls: wrong });
          const port = portOf(server);
          const { error } = yield* promise(nodeClient({ port, ...who.trust }, 'x'));
          expect(error?.code).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
          expect(yield* failure(openConnection('localhost', port, { tls: who.trust }))).toBe(
            'ERR_TLS_CERT_ALTNAME_INVALID',
          );
          server.close();
          yield* server.waitClosed();
        }
      });
      expect(reported).toEqual([]);
      expect(lost.every((code) => code === 'ECONNRESET')).toBe(true);
    }));

  test('a server hears why a client does not want it', async () => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const errors: Error[] = [];
      const server = await nodeServer({ ...who.mine, maxVersion }, errors);
      const { trust } = who;
      const wants: [options: ConnectionOptions, code: RegExp, alert: RegExp][] = [
        [
          { tls: trust, servername: 'other.example' },
          /^ERR_TLS_CERT_ALTNAME_INVALID$/,
          /ALERT_BAD_CERTIFICATE$/,
        ],
        [
          { tls: { ...trust, checkServerIdentity: () => new Error('not him') } },
          /not him/,
          /ALERT_BAD_CERTIFICATE$/,
        ],
        [
          { tls: { rejectUnauthorized: false, fingerprints: ['00'.repeat(32)] } },
          /^ERR_TLS_FINGERPRINT_MISMATCH$/,
          /ALERT_BAD_CERTIFICATE$/,
        ],
        [{ tls: true }, /^UNABLE_TO_VERIFY_LEAF_SIGNATURE$/, /ALERT_UNKNOWN_CA$/],
      ];
      await run(function* () {
        for (const [options, code, alert] of wants) {
          const gone = promise(
            new Promise<void>((resolve) => server.server.once('tlsClientError', () => resolve())),
          );
          expect(yield* failure(openConnection('localhost', server.port, options))).toMatch(code);
          // node:tls looks when the handshake is through, and has no way to say what it saw.
          if (name === 'node:tls') continue;
          yield* gone;
          expect((errors.at(-1) as NodeJS.ErrnoException).code).toMatch(alert);
        }
      });
      for (const error of errors) expect((error as NodeJS.ErrnoException).code).toBeDefined();
      await server.close();
    }
  });

  test('a client that goes in the middle of what it says is one', () =>
    run(function* () {
      const loop = getRunningLoop();
      const reported = yield* reportedBy(loop, function* () {
        const server = yield* startServer(echo, '127.0.0.1', 0, { tls: who.mine });
        const raw = tcpConnect(portOf(server), '127.0.0.1');
        const socket = tls.connect({ socket: raw, servername: 'localhost', ...who.trust });
        socket.on('error', () => undefined);
        socket.on('secureConnect', () => socket.write('half a'));
        // It has been heard; the end comes without a goodbye.
        socket.on('data', () => raw.destroy());
        yield* promise(new Promise((resolve) => raw.on('close', resolve)));
        server.close();
        yield* server.waitClosed();
      });
      expect(reported.map((error) => (error as NodeJS.ErrnoException).code)).toEqual([
        expect.stringMatching(/^(?:ERR_SSL_UNEXPECTED_EOF_WHILE_READING|ECONNRESET)$/),
      ]);
    }));

  test('a protocol hears why its client has gone', () =>
    run(function* () {
      const loop = getRunningLoop();
      const lost = loop.createFuture<unknown>();
      class Told extends Protocol {
        override connectionLost(error: unknown): void {
          lost.setResult(error);
        }
      }
      const server = yield* loop.createServer(() => new Told(), '127.0.0.1', 0, { tls: who.mine });
      const [, writer] = yield* openConnection('localhost', portOf(server), { tls: who.trust });
      writer.transport.abort();
      expect(yield* lost).toMatchObject({
        code: 'ECONNRESET',
        message: expect.stringContaining('it may have refused the certificate'),
      });
      server.close();
      yield* server.waitClosed();
    }));

  test('suites of one version mean that version', () =>
    run(function* () {
      const suites = [
        ['ECDHE-ECDSA-AES128-GCM-SHA256', 'TLSv1.2'],
        ['TLS_AES_128_GCM_SHA256', 'TLSv1.3'],
      ];
      for (const [ciphers, version] of suites) {
        for (const [ours, theirs] of [
          [{ ciphers }, {}],
          [{}, { ciphers }],
        ]) {
          const server = yield* startServer(echo, '127.0.0.1', 0, {
            tls: { ...who.mine, ...theirs },
          });
          const tlsOptions = { ...who.trust, ...ours };
          const opened = openConnection('localhost', portOf(server), { tls: tlsOptions });
          const [, writer] = yield* opened;
          expect(writer.getExtraInfo('tlsVersion')).toBe(version);
          writer.close();
          yield* writer.waitClosed();
          server.close();
          yield* server.waitClosed();
        }
      }
    }));

  test('clients whose certificates are not in order', async () => {
    const { root } = who;
    const revoked = await clientCertificate(root, 'revoked');
    const crl = await revocationList(root, [revoked]);
    const clients: [Issued, string | null][] = [
      [await clientCertificate(root, 'alice'), null],
      [revoked, 'REVOKED'],
      [await clientCertificate(root, 'late', { validity: 'expired' }), 'EXPIRED'],
      [await clientCertificate(root, 'early', { validity: 'future' }), 'BAD_CERTIFICATE'],
      [await clientCertificate(null, 'self'), 'UNKNOWN_CA'],
      [await serverCertificate(root), '(?:UNSUPPORTED|BAD)_CERTIFICATE|UNSUPPORTED'],
    ];
    await run(function* () {
      const served: string[] = [];
      const server = yield* startServer(
        (_reader, writer) => {
          const { subject } = writer.getExtraInfo('peercert') as tls.PeerCertificate;
          served.push(String(subject.CN));
          writer.close();
        },
        '127.0.0.1',
        0,
        { tls: { ...who.mine, ...who.trust, requestCert: true, crl } },
      );
      const port = portOf(server);
      for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
        for (const [{ chain, key }, alert] of clients) {
          const own = { cert: chain, key, maxVersion };
          const { error } = yield* promise(nodeClient({ port, ...who.trust, ...own }, ''));
          // The relay of node:tls hangs up and says nothing; Node's client may not mind.
          const refused = new RegExp(`^(?:ERR_SSL_.*(?:${alert})|ECONNRESET|EPIPE)$`);
          if (alert === null) expect(error).toBe(null);
          else expect(error?.code ?? 'ECONNRESET').toMatch(refused);
        }
      }
      expect(served).toEqual(['alice', 'alice']);
      server.close();
      yield* server.waitClosed();
    });
  });

  test('a socket that was accepted elsewhere', () =>
    run(function* () {
      const loop = getRunningLoop();
      const listening = new Socket();
      listening.bind(['127.0.0.1', 0]);
      listening.listen();
      const [, port] = listening.getsockname() as [string, number];
      const raw = tcpConnect(port, '127.0.0.1');
      const [far] = yield* loop.sockAccept(listening);
      // A part of what the client says first is taken, and given back.
      const late = createTask(function* () {
        yield* loop.sockRecv(far, 5);
      });
      yield;
      loop.addReader(far, () => {
        loop.removeReader(far);
        late.cancel();
      });
      const heard = nodeClient({ socket: raw, ...who.trust }, 'hello');
      yield* until(() => late.done());
      expect(late.cancelled()).toBe(true);
      const recorder = new Recorder();
      // The end of the client may come with its first bytes.
      recorder.keepOpen = true;
      const made = loop.connectAcceptedSocket(() => recorder, far, { tls: who.mine });
      const [transport, protocol] = yield* made;
      expect(protocol).toBe(recorder);
      expect(recorder.events[0]).toBe('made');
      expect(transport.getExtraInfo('servername')).toBe('localhost');
      expect(String(yield* recorder.atLeast(5))).toBe('hello');
      transport.write('bye');
      transport.close();
      expect((yield* promise(heard)).heard).toBe('bye');
      listening.close();
    }));

  test('a plain client of such a socket, and one that says nothing', () =>
    run(function* () {
      const loop = getRunningLoop();
      const [one, far] = Socket.pair();
      yield* loop.sockSendall(one, 'GET / HTTP/1.1\r\n\r\n');
      const refused = loop.connectAcceptedSocket(() => new Protocol(), far, { tls: who.mine });
      expect(yield* failure(refused)).toMatch(/^ERR_SSL_(?:HTTP_REQUEST|WRONG_VERSION_NUMBER)$/);
      const [two, silent] = Socket.pair();
      const slow = loop.connectAcceptedSocket(() => new Protocol(), silent, {
        tls: who.mine,
        handshakeTimeout: '1ms',
      });
      expect(yield* failure(slow)).toBe('ERR_TLS_HANDSHAKE_TIMEOUT');
      for (const socket of [one, two]) socket.close();
      const [three, last] = Socket.pair();
      const call = (options: object) => () =>
        loop.connectAcceptedSocket(() => new Protocol(), last, options);
      expect(call({ tls: true })).toThrow(/a server needs cert and key/);
      expect(call({ handshakeTimeout: 1 })).toThrow(/only meaningful with tls/);
      expect(call({ tls: who.mine, servername: 'x' })).toThrow(/servername/);
      for (const socket of [three, last]) socket.close();
    }));
});

test('a loop that owns the thread says that node:tls cannot get on', () => {
  const code = `
    import { runSync, openConnection, startServer } from 'oxbow';
    const tls = ${JSON.stringify(who.mine)};
    for (const main of [
      function* () { yield* startServer(() => {}, '127.0.0.1', 0, { tls }); },
      function* () {
        const server = yield* startServer(() => {}, '127.0.0.1', 0);
        try {
          yield* openConnection('127.0.0.1', server.sockets[0].getsockname()[1], { tls: true });
        } finally {
          server.close();
        }
      },
      function* () {
        const server = yield* startServer(() => {}, '127.0.0.1', 0);
        const [, writer] = yield* openConnection('127.0.0.1', server.sockets[0].getsockname()[1]);
        try {
          yield* writer.startTls(true, { servername: 'localhost' });
        } finally {
          writer.close();
          server.close();
        }
      },
    ]) {
      try {
        runSync(main);
      } catch (error) {
        console.log(error.name + ': ' + error.message);
      }
    }`;
  const args = ['--input-type=module', '-e', code];
  const env = { ...process.env, OXBOW_TLS: 'node' };
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env,
  });
  const said =
    "RuntimeError: TLS goes through node:tls, which needs Node's own loop: write run() instead of " +
    'runSync() (OXBOW_TLS=node is set)\n';
  expect(stdout).toBe(said.repeat(3));
  expect(stderr).not.toContain('Error');
});
