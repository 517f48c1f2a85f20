// What is asked for less often: OCSP, key logs, sessions by hand, revoked certificates, new ones
// without a restart, and a peer that lets our goodbye wait.
import { getRunningLoop, openConnection, run, startServer, TlsContext } from 'oxbow';
import type { Coro } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { revocationList, serverCertificate } from '../support/certificates.ts';
import { portOf } from '../contract/tcp-support.ts';
import { bothHalves } from './halves.ts';
import { echo, failure, people, type People } from './tls-support.ts';

let who: People;

beforeAll(async () => {
  who = await people();
});

/** What is known of a connection over which a byte went there and back. */
function* known(port: number, tls: object, name: string): Coro<unknown> {
  const [reader, writer] = yield* openConnection('localhost', port, { tls });
  writer.write('x');
  yield* reader.readexactly(1);
  const value = writer.getExtraInfo(name);
  writer.close();
  yield* writer.waitClosed();
  return value;
}

describe.each(bothHalves())('through %s', (_name, half) => {
  beforeAll(half.use);
  afterAll(half.restore);

  test('a stapled OCSP response, for whoever asks', async () => {
    await run(function* () {
      const ocspResponse = Buffer.from('not looked at by us');
      const server = yield* startServer(echo, '127.0.0.1', 0, {
        tls: { ...who.mine, ocspResponse },
      });
      const port = portOf(server);
      const asking = { ...who.trust, requestOCSP: true };
      expect(yield* known(port, asking, 'ocspResponse')).toEqual(ocspResponse);
      expect(yield* known(port, who.trust, 'ocspResponse')).toBe(null);
      server.close();
      yield* server.waitClosed();
    });
  });

  test('the key log of both ends has the same secrets', async () => {
    await run(function* () {
      const lines: [string[], string[]] = [[], []];
      const keylog = (n: 0 | 1) => (line: Buffer) => lines[n].push(String(line));
      const tls = { ...who.mine, keylog: keylog(0) };
      const server = yield* startServer(echo, '127.0.0.1', 0, { tls });
      yield* known(portOf(server), { ...who.trust, keylog: keylog(1) }, 'cipher');
      expect(lines[0].length).toBeGreaterThan(3);
      expect(lines[0].every((line) => /^[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]+\n$/.test(line))).toBe(
        true,
      );
      expect([...lines[1]].sort()).toEqual([...lines[0]].sort());
      server.close();
      yield* server.waitClosed();
    });
  });

  test('a key log that throws is reported, and harms no connection', async () => {
    await run(function* () {
      const reports: string[] = [];
      getRunningLoop().setExceptionHandler((_loop, { message, exception }) => {
        reports.push(`${message}: ${exception}`);
      });
      const server = yield* startServer(echo, '127.0.0.1', 0, { tls: who.mine });
      const keylog = (): void => {
        throw new Error('no room');
      };
      const version = yield* known(portOf(server), { ...who.trust, keylog }, 'tlsVersion');
      expect(version).toBe('TLSv1.3');
      expect(reports.length).toBeGreaterThan(3);
      expect(new Set(reports)).toEqual(new Set(['Exception in callback keylog: Error: no room']));
      server.close();
      yield* server.waitClosed();
    });
  });

  test('a session that was kept elsewhere', async () => {
    await run(function* () {
      const server = yield* startServer(echo, '127.0.0.1', 0, { tls: who.mine });
      const port = portOf(server);
      const session = (yield* known(port, who.trust, 'tlsSession')) as Buffer;
      expect(yield* known(port, { ...who.trust, session }, 'tlsSessionReused')).toBe(true);
      server.close();
      yield* server.waitClosed();
    });
  });

  test('a certificate that was revoked', async () => {
    const list = await revocationList(who.root, [who.server]);
    const harmless = await revocationList(who.root, []);
    await run(function* () {
      const server = yield* startServer(echo, '127.0.0.1', 0, { tls: who.mine });
      const port = portOf(server);
      expect(yield* failure(known(port, { ...who.trust, crl: list }, 'cipher'))).toBe(
        'CERT_REVOKED',
      );
      expect(yield* known(port, { ...who.trust, crl: harmless }, 'tlsVersion')).toBe('TLSv1.3');
      server.close();
      yield* server.waitClosed();
    });
  });

  test('new certificates for new connections, while the old ones stand', async () => {
    const renewed = await serverCertificate(who.root, { dns: ['localhost', 'renewed.test'] });
    await run(function* () {
      const context = new TlsContext(who.mine);
      const server = yield* startServer(echo, '127.0.0.1', 0, { tls: context });
      const port = portOf(server);
      const [reader, writer] = yield* openConnection('localhost', port, { tls: who.trust });
      expect(() => context.update({ cert: 'none' })).toThrow(RangeError);
      context.update({ cert: renewed.chain, key: renewed.key });
      const peer = (yield* known(port, { ...who.trust }, 'peercert')) as { subjectaltname: string };
      expect(peer.subjectaltname).toContain('renewed.test');
      writer.write('still here');
      expect(String(yield* reader.readexactly(10))).toBe('still here');
      writer.close();
      yield* writer.waitClosed();
      server.close();
      yield* server.waitClosed();
    });
  });
});

test('who does not read what we close with has shutdownTimeout to do so', async () => {
  await runVirtual(function* () {
    const loop = getRunningLoop();
    const server = yield* startServer(() => undefined, '127.0.0.1', 0, { tls: who.mine });
    const tls = { ...who.trust, shutdownTimeout: '5s' as const };
    const [, writer] = yield* openConnection('localhost', portOf(server), { tls });
    writer.transport.write(Buffer.alloc(64 << 20));
    const began = loop.time();
    writer.close();
    expect(yield* failure(writer.waitClosed())).toBe('ERR_TLS_SHUTDOWN_TIMEOUT');
    expect(loop.time() - began).toBeGreaterThanOrEqual(5);
    server.abortClients();
    server.close();
  });
});
