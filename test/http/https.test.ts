// https, of our client and our server, with Node's and curl at the other end, through both halves
// of TLS.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run, TlsContext } from 'oxbow';
import { ClientConnectorError, ClientSession, Response, serve } from 'oxbow/http';
import type { ServeOptions } from 'oxbow/http';

import { authority, serverCertificate } from '../support/certificates.ts';
import type { Issued } from '../support/certificates.ts';
import { commands, testWith } from '../support/needs.ts';
import { bothHalves } from '../tls/halves.ts';
import { withServer } from './serve-support.ts';

let root: Issued;
let server: Issued;
let own: { cert: string; key: string };

beforeAll(async () => {
  root = await authority('root');
  server = await serverCertificate(root);
  own = { cert: server.chain, key: server.key };
});

const shown = (options: Partial<ServeOptions> = {}): ServeOptions => ({
  hostname: 'localhost',
  tls: own,
  fetch: (request) => new Response(request.url),
  ...options,
});

/** A server of Node's for the length of `body`. */
async function withNode(
  answer: http.RequestListener,
  body: (port: number, made: https.Server) => Promise<void>,
  options: https.ServerOptions = own,
): Promise<void> {
  const made = https.createServer(options, answer);
  made.on('tlsClientError', () => {});
  made.listen(0);
  await once(made, 'listening');
  try {
    await body((made.address() as AddressInfo).port, made);
  } finally {
    made.closeAllConnections();
    made.close();
    await once(made, 'close');
  }
}

describe.each(bothHalves())('through %s', (_name, half) => {
  beforeAll(half.use);
  afterAll(half.restore);

  test('our client at our server, on one connection', () =>
    withServer(shown(), async (made) => {
      expect(made.url).toBe(`https://localhost:${made.port}/`);
      await using session = new ClientSession({ tls: { ca: root.cert } });
      for (const path of ['a', 'b', 'c']) {
        const response = await session.get(made.url + path);
        expect(await response.text()).toBe(made.url + path);
      }
      expect(session.connections).toBe(1);
    }));

  test("our client at Node's server: bodies both ways", () =>
    run(() =>
      withNode(
        (request, response) => void request.pipe(response),
        async (port) => {
          const data = Buffer.alloc(2 ** 20, 'body');
          await using session = new ClientSession({ tls: { ca: root.cert } });
          const response = await session.post(`https://localhost:${port}/`, { body: data });
          expect(Buffer.compare(Buffer.from(await response.bytes()), data)).toBe(0);
        },
      ),
    ));

  test("Node's client at our server", () =>
    withServer(shown(), async (made) => {
      const text = await new Promise<string>((resolve, reject) => {
        https
          .get(made.url, { ca: root.cert, agent: false }, (response) => {
            let body = '';
            response.on('data', (data) => (body += String(data)));
            response.on('end', () => resolve(body));
          })
          .on('error', reject);
      });
      expect(text).toBe(made.url);
    }));

  test('from http to https and back', () =>
    withServer(shown({ routes: {} }), async (safe) => {
      const seen: (string | null)[] = [];
      const plain = await serve({
        fetch: ({ path, headers }) => {
          seen.push(headers.get('authorization'));
          return path === '/' ? Response.redirect(`${safe.url}there`, 302) : new Response('back');
        },
      });
      const back = await serve(shown({ fetch: () => Response.redirect(`${plain.url}back`, 302) }));
      try {
        await using session = new ClientSession({ tls: { ca: root.cert } });
        const headers = { authorization: 'Bearer secret' };
        const first = await session.get(plain.url, { headers });
        expect(await first.text()).toBe(`${safe.url}there`);
        expect(first.history.map(({ url }) => url)).toEqual([plain.url]);
        const second = await session.get(back.url, { headers });
        expect(await second.text()).toBe('back');
        // What is for https does not go on in the clear.
        expect(seen).toEqual(['Bearer secret', null]);
      } finally {
        for (const one of [plain, back]) {
          one.close();
          await one.waitClosed();
        }
      }
    }));

  test('a server that is not right gets no request', () =>
    run(async () => {
      const asked: string[] = [];
      const bad = await serverCertificate(root, { validity: 'expired' });
      await withNode(
        (request, response) => {
          asked.push(request.url!);
          response.end();
        },
        async (port) => {
          await using session = new ClientSession({ tls: { ca: root.cert } });
          const error = await session.get(`https://localhost:${port}/secret`).then(
            () => null,
            (reason: unknown) => reason as ClientConnectorError,
          );
          expect(error).toBeInstanceOf(ClientConnectorError);
          expect([error!.code, error!.port]).toEqual(['CERT_HAS_EXPIRED', port]);
          // One request may know better.
          const response = await session.get(`https://localhost:${port}/public`, {
            tls: { rejectUnauthorized: false },
          });
          expect(response.status).toBe(200);
          expect(session.connections).toBe(1);
          // A connection that was not looked at is no connection for others.
          const again = await session.get(`https://localhost:${port}/secret`).then(
            () => null,
            (reason: unknown) => reason as ClientConnectorError,
          );
          expect(again!.code).toBe('CERT_HAS_EXPIRED');
        },
        { cert: bad.chain, key: bad.key },
      );
      expect(asked).toEqual(['/public']);
    }));

  test('the system trusts nobody of the tests', () =>
    withServer(shown(), async (made) => {
      await using session = new ClientSession();
      const error = await session.get(made.url).then(
        () => null,
        (reason: unknown) => reason as ClientConnectorError,
      );
      expect(error!.code).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    }));

  test('a limit and a close end a handshake', () =>
    run(async () => {
      const silent = net.createServer((socket) => socket.on('error', () => {}));
      silent.listen(0);
      await once(silent, 'listening');
      const { port } = silent.address() as AddressInfo;
      const url = `https://localhost:${port}/`;
      const session = new ClientSession();
      const late = await session.get(url, { timeout: '30ms' }).then(
        () => null,
        (reason: unknown) => reason as Error,
      );
      expect(late!.name).toMatch(/^(?:ServerTimeoutError|ConnectionTimeoutError)$/);
      const stop = new AbortController();
      const aborted = session.get(url, { signal: stop.signal });
      const closed = session.get(url);
      await once(silent, 'connection');
      stop.abort();
      await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
      await session.close();
      await expect(closed).rejects.toMatchObject({ message: 'the session was closed' });
      silent.close();
    }));

  test('the name decides what is shown, and an update changes it', async () => {
    const other = await serverCertificate(root, { dns: ['localhost', 'other.test'] });
    const context = new TlsContext(own);
    await withServer(shown({ tls: context }), async (made) => {
      const namesOf = async (): Promise<string> => {
        const socket = (await import('node:tls')).connect({
          port: made.port,
          host: 'localhost',
          ca: root.cert,
        });
        await once(socket, 'secureConnect');
        const { subjectaltname = '' } = socket.getPeerCertificate();
        socket.destroy();
        return subjectaltname;
      };
      await using session = new ClientSession({ tls: { ca: root.cert } });
      expect(await (await session.get(made.url)).text()).toBe(made.url);
      expect(await namesOf()).not.toMatch(/other/);
      context.update({ cert: other.chain, key: other.key });
      expect(await namesOf()).toMatch(/other\.test/);
      // The connection that stood is still the one.
      expect(await (await session.get(made.url)).text()).toBe(made.url);
      expect(session.connections).toBe(1);
    });
  });

  testWith(commands('curl'))('curl', () =>
    withServer(shown(), async (made) => {
      const folder = mkdtempSync(join(tmpdir(), 'oxbow-curl-'));
      try {
        const ca = join(folder, 'ca.pem');
        writeFileSync(ca, root.cert);
        const said = (...args: string[]): Promise<string> =>
          new Promise((resolve) => {
            // A sanitizer that Node runs under is nothing for curl.
            const env = { ...process.env, LD_PRELOAD: '' };
            const all = ['-sS', '--noproxy', '*', '--max-time', '20', ...args, made.url];
            execFile('curl', all, { env }, (error, out) =>
              resolve(error === null ? out : `exit ${String(error.code)}`),
            );
          });
        expect(await said('--cacert', ca)).toBe(made.url);
        expect(await said('--cacert', ca, '--tls-max', '1.2')).toBe(made.url);
        // Whoever does not know us, curl says, is not believed: exit code 60.
        expect(await said()).toBe('exit 60');
      } finally {
        rmSync(folder, { recursive: true });
      }
    }),
  );

  test('a plain request to a port of https is closed, and does no harm', () =>
    withServer(shown(), async (made) => {
      const socket = net.connect(made.port, 'localhost');
      socket.on('error', () => {});
      socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
      socket.resume();
      await once(socket, 'close');
      await using session = new ClientSession({ tls: { ca: root.cert } });
      expect((await session.get(made.url)).status).toBe(200);
    }));
});

test('what a tls option may be', () =>
  run(async () => {
    expect(() => serve({ fetch: () => new Response(''), tls: {} })).toThrow(
      /tls: a server needs cert and key/,
    );
    expect(() => serve({ fetch: () => new Response(''), tls: true as never })).toThrow(
      /a server needs cert and key/,
    );
    expect(() => new ClientSession({ tls: false as never })).toThrow(/tls must be true, options/);
    expect(() => new ClientSession({ tls: { sni: {} } })).toThrow(/'sni' is for a server/);
    await using session = new ClientSession();
    await expect(
      session.get('https://localhost:1/', { tls: { nonsense: 1 } as never }),
    ).rejects.toThrow(/no option 'nonsense'/);
    await expect(session.get('ftp://localhost/')).rejects.toThrow(/only http: and https:/);
  }));
