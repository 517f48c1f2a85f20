// Requests that do not go straight: proxies, tunnels, Unix sockets, resolvers, the environment.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DnsCache, run } from 'oxbow';
import {
  ClientConnectorCertificateError,
  ClientDNSError,
  ClientHttpProxyError,
  ClientProxyConnectionError,
  ClientSession,
  ClientSSLError,
  serve,
  UnixClientConnectorError,
  websocket,
} from 'oxbow/http';
import type { ClientSessionOptions } from 'oxbow/http';

import { authority, serverCertificate } from '../support/certificates.ts';
import type { Issued } from '../support/certificates.ts';
import { bothHalves } from '../tls/halves.ts';
import { besideNode } from './client-support.ts';

let root: Issued;
let own: { cert: string; key: string };

beforeAll(async () => {
  root = await authority('root');
  const server = await serverCertificate(root);
  own = { cert: server.chain, key: server.key };
});

const echo: http.RequestListener = (request, response) => {
  const { 'proxy-authorization': secret = '-', host, authorization = '-' } = request.headers;
  response.end(`${request.url} ${host} ${secret} ${authorization}`);
};

/** A proxy that notes what it is asked, and answers CONNECT as `decide` says. */
function proxy(
  asked: string[],
  secure: boolean,
  decide: (request: http.IncomingMessage) => string = () => '200 Established',
): http.Server | https.Server {
  const forward: http.RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? '-'}`);
    const { hostname, port, pathname } = new URL(request.url!);
    const headers = { ...request.headers };
    delete headers['proxy-authorization'];
    http.get({ hostname, port, path: pathname, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
  };
  const server = secure ? https.createServer(own, forward) : http.createServer(forward);
  server.on('connect', (request: http.IncomingMessage, socket: net.Socket) => {
    const { host } = request.headers;
    asked.push(`CONNECT ${request.url} ${host} ${request.headers['proxy-authorization'] ?? '-'}`);
    socket.on('error', () => {});
    const decision = decide(request);
    if (!decision.startsWith('200')) {
      socket.end(`HTTP/1.1 ${decision}\r\ncontent-length: 5\r\n\r\nsorry`);
      return;
    }
    const [, port] = request.url!.split(':');
    const there = net.connect(Number(port), '127.0.0.1', () => {
      // A length means nothing here.
      socket.write(`HTTP/1.1 ${decision}\r\ncontent-length: 9\r\n\r\n`);
      there.pipe(socket).pipe(there);
    });
    there.on('error', () => socket.destroy());
    socket.on('close', () => there.destroy());
  });
  return server;
}

async function listening<T extends net.Server>(
  server: T,
  body: (port: number) => Promise<void>,
): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await body((server.address() as AddressInfo).port);
  } finally {
    (server as never as http.Server).closeAllConnections?.();
    server.close();
  }
}

const local: ClientSessionOptions['resolver'] = {
  resolve: () => [{ address: '127.0.0.1', family: 4 }],
};

test('http through a proxy: absolute form, its own headers, and none of them further', () =>
  run(() =>
    besideNode(echo, async (url) => {
      const asked: string[] = [];
      await listening(proxy(asked, false), async (port) => {
        await using session = new ClientSession({ proxy: `http://me:secret@127.0.0.1:${port}` });
        const response = await session.get(`${url}a?b#c`, { headers: { authorization: 'for it' } });
        expect(await response.text()).toBe(`/a ${new URL(url).host} - for it`);
        expect(response.url).toBe(`${url}a?b#c`);
        await (await session.get(url)).text();
        expect(session.connections).toBe(1);
        const secret = `Basic ${Buffer.from('me:secret').toString('base64')}`;
        expect(asked.splice(0)).toEqual([`GET ${url}a?b ${secret}`, `GET ${url} ${secret}`]);
        await (await session.get(url, { proxy: null })).text();
        expect(asked).toEqual([]);
        expect(session.connections).toBe(2);
      });
    }),
  ));

test('a WebSocket through a proxy: a tunnel, also without TLS', () =>
  run(async () => {
    const echoing = websocket({ message: (socket, message) => void socket.send(message) });
    await using server = await serve({ hostname: '127.0.0.1', routes: { '/': echoing } });
    const asked: string[] = [];
    await listening(proxy(asked, false), async (port) => {
      const { host } = new URL(server.url);
      await using session = new ClientSession({ proxy: `http://me:secret@127.0.0.1:${port}` });
      const socket = await session.websocket(server.url);
      socket.send('through');
      expect(await socket.receive()).toBe('through');
      await socket.close();
      const secret = `Basic ${Buffer.from('me:secret').toString('base64')}`;
      expect(asked).toEqual([`CONNECT ${host} ${host} ${secret}`]);
    });
  }));

describe.each(bothHalves())('through %s', (_name, half) => {
  beforeAll(half.use);
  afterAll(half.restore);

  test.each([false, true])('https through a proxy that is https: %s', (secure) =>
    run(async () => {
      const asked: string[] = [];
      await listening(https.createServer(own, echo), (port) =>
        listening(proxy(asked, secure), async (proxyPort) => {
          const tls = { ca: root.cert };
          const scheme = secure ? 'https' : 'http';
          await using session = new ClientSession({
            tls,
            proxy: {
              url: `${scheme}://localhost:${proxyPort}`,
              auth: { username: 'me', password: 'x' },
              headers: { 'x-for': 'proxy' },
              tls,
            },
          });
          for (const path of ['/a', '/b']) {
            const response = await session.get(`https://localhost:${port}${path}`);
            expect(await response.text()).toBe(`${path} localhost:${port} - -`);
          }
          const authority = `localhost:${port}`;
          expect(asked).toEqual([`CONNECT ${authority} ${authority} Basic bWU6eA==`]);
          expect(session.connections).toBe(1);
          const large = 'x'.repeat(300_000);
          const posted = await session.post(`https://localhost:${port}/`, { body: large });
          expect(posted.status).toBe(200);
        }),
      );
    }),
  );
});

test('a proxy that refuses, is not there, or says too much', () =>
  run(async () => {
    const asked: string[] = [];
    const refusing = proxy(asked, false, ({ headers }) =>
      headers['proxy-authorization'] === undefined ? '407 Who' : '200 Go',
    );
    await listening(refusing, async (port) => {
      await using session = new ClientSession({ proxy: `http://127.0.0.1:${port}` });
      const error = await session.get('https://localhost:1/').then(null, (why: unknown) => why);
      expect(error).toBeInstanceOf(ClientHttpProxyError);
      expect(error).toMatchObject({ status: 407, code: 'ERR_HTTP_PROXY' });
      expect(session.connections).toBe(0);
    });
    await using session = new ClientSession();
    const get = async (to: string, at: string): Promise<unknown> =>
      await session.get(to, { proxy: at }).then(
        () => null,
        (error: unknown) => error,
      );
    const nowhere = await get('http://localhost:1/', 'http://127.0.0.1:1');
    expect(nowhere).toBeInstanceOf(ClientProxyConnectionError);
    expect(nowhere).toMatchObject({ code: 'ECONNREFUSED', host: '127.0.0.1', port: 1 });
    for (const [answer, message] of [
      ['HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n', /sent more than its answer|no valid/],
      ['HTTP/1.1 100 Continue\r\n\r\n'.repeat(40), /more than 32 interim/],
      ['what?\r\n\r\n', /no valid HTTP\/1.1 response/],
      ['HTTP/1.1 200 OK\r\n', /no valid|has closed/],
    ] as const) {
      const raw = net.createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => socket.end(answer));
      });
      await listening(raw, async (port) => {
        const error = await get('https://localhost:1/', `http://127.0.0.1:${port}`);
        expect(error).toBeInstanceOf(ClientProxyConnectionError);
        expect((error as Error).message).toMatch(message);
      });
    }
    expect(session.connections).toBe(0);
    // A proxy that never answers is a matter of time limits.
    const silent = net.createServer((socket) => void socket.on('error', () => {}));
    await listening(silent, async (port) => {
      const late = session.get('https://localhost:1/', {
        proxy: `http://127.0.0.1:${port}`,
        timeout: { connect: 0.01 },
      });
      await expect(late).rejects.toMatchObject({ name: 'ConnectionTimeoutError' });
      const given = session.get('https://localhost:1/', { proxy: `http://127.0.0.1:${port}` });
      const closed = expect(given).rejects.toThrow(/session was closed/);
      await new Promise((resolve) => setImmediate(resolve));
      await session.close();
      await closed;
    });
  }));

test('TLS errors have classes', () =>
  run(async () => {
    await listening(https.createServer(own, echo), async (port) => {
      await using session = new ClientSession({ resolver: local });
      const url = `https://localhost:${port}/`;
      await expect(session.get(url)).rejects.toBeInstanceOf(ClientConnectorCertificateError);
      const named = session.get(`https://other.test:${port}/`, { tls: { ca: root.cert } });
      await expect(named).rejects.toMatchObject({
        name: 'ClientConnectorCertificateError',
        code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      });
      const pinned = session.get(url, { tls: { ca: root.cert, fingerprints: 'ab'.repeat(32) } });
      await expect(pinned).rejects.toMatchObject({ code: 'ERR_TLS_FINGERPRINT_MISMATCH' });
      const plain = http.createServer(echo);
      await listening(plain, async (other) => {
        const error = await session.get(`https://localhost:${other}/`).then(null, (why) => why);
        expect(error).toBeInstanceOf(ClientSSLError);
        expect(error).not.toBeInstanceOf(ClientConnectorCertificateError);
      });
    });
  }));

test('a Unix socket, plain and with TLS', () =>
  run(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oxbow-'));
    const path = join(folder, 'http.sock');
    const server = http.createServer(echo).listen(path);
    await once(server, 'listening');
    const secure = https.createServer(own, echo).listen(`${path}s`);
    await once(secure, 'listening');
    try {
      await using session = new ClientSession({ unix: path });
      for (const url of ['http://docker/a', 'http://docker/b']) {
        expect(await (await session.get(url)).text()).toBe(`${url.slice(13)} docker - -`);
      }
      expect(session.connections).toBe(1);
      await using plain = new ClientSession({ tls: { ca: root.cert } });
      const response = await plain.get('https://localhost/c', { unix: `${path}s` });
      expect(await response.text()).toBe('/c localhost - -');
      const missing = plain.get('http://a/', { unix: `${path}-not` });
      await expect(missing).rejects.toBeInstanceOf(UnixClientConnectorError);
      await expect(missing).rejects.toMatchObject({ code: 'ENOENT', path: `${path}-not` });
    } finally {
      for (const one of [server, secure]) {
        one.closeAllConnections();
        one.close();
      }
      rmSync(folder, { recursive: true });
    }
  }));

test('a resolver of the session: at once, later, not at all, wrong', () =>
  run(() =>
    besideNode(echo, async (url) => {
      const { port } = new URL(url);
      const asked: string[] = [];
      const answers: Record<string, () => any> = {
        'now.test': () => [{ address: '127.0.0.1', family: 4 }],
        'later.test': async () => [{ address: '127.0.0.1', family: 4 }],
        'lane.test': function* () {
          return [{ address: '127.0.0.1', family: 4 }];
        },
        'wrong.test': () => {
          throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
        },
        'broken.test': async () => {
          throw new Error('out of order');
        },
        localhost: () => null,
      };
      await using session = new ClientSession({
        resolver: {
          resolve(host) {
            asked.push(host);
            return answers[host]!();
          },
        },
      });
      for (const host of ['now.test', 'later.test', 'lane.test', 'localhost']) {
        const response = await session.get(`http://${host}:${port}/`);
        expect(await response.text()).toBe(`/ ${host}:${port} - -`);
      }
      await (await session.get(url)).text();
      for (const host of ['wrong.test', 'broken.test']) {
        await expect(session.get(`http://${host}/`)).rejects.toBeInstanceOf(ClientDNSError);
      }
      expect(asked).toEqual([
        'now.test',
        'later.test',
        'lane.test',
        'localhost',
        'wrong.test',
        'broken.test',
      ]);
      await using cached = new ClientSession({ resolver: new DnsCache() });
      expect((await cached.get(`http://localhost:${port}/`)).status).toBe(200);
    }),
  ));

/** Runs `body` with these variables in the environment, and none of the kind besides. */
async function withEnvironment(
  variables: Record<string, string>,
  body: () => Promise<void>,
): Promise<void> {
  const kind = /^(?:(?:https?|all|no)_proxy|netrc|request_method)$/i;
  const before = Object.entries(process.env).filter(([name]) => kind.test(name));
  for (const [name] of before) delete process.env[name];
  Object.assign(process.env, variables);
  try {
    await body();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
    Object.assign(process.env, Object.fromEntries(before));
  }
}

test('trustEnv: proxies, exceptions and .netrc; without it nothing of all this', () =>
  run(() =>
    besideNode(echo, async (url) => {
      const { port } = new URL(url);
      const asked: string[] = [];
      const folder = mkdtempSync(join(tmpdir(), 'oxbow-'));
      const netrc = join(folder, 'netrc');
      writeFileSync(
        netrc,
        `# machine no.test login a password b
        machine a.test login "me \\"x\\"" password #secret account z
        macdef init
        machine macro.test login a password b

        default login d password e
        machine b.test password only
        machine a.test login later password p`,
      );
      const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
      const direct = async (session: ClientSession, host: string): Promise<string> => {
        asked.splice(0);
        const text = await (await session.get(`http://${host}:${port}/`)).text();
        return `${asked.length === 0 ? 'straight' : 'proxy'} ${text.split(' ').slice(3).join(' ')}`;
      };
      try {
        await listening(proxy(asked, false), async (at) => {
          const http_proxy = `127.0.0.1:${at}`;
          const NO_PROXY =
            'no.test, .below.test *.star.test  port.test:1,same.test:' +
            `${port},10.0.0.0/8,[::1],127.0.0.9 , x/y, 127.0.0.1/99`;
          await withEnvironment({ http_proxy, NO_PROXY, NETRC: netrc }, async () => {
            await using blind = new ClientSession({ resolver: local });
            expect(await direct(blind, 'a.test')).toBe('straight -');
            await using session = new ClientSession({ resolver: local, trustEnv: true });
            const straight = ['no.test', 'x.no.test', 'below.test', 'x.below.test', 'same.test'];
            for (const host of [...straight, 'x.star.test']) {
              expect(await direct(session, host)).toBe('straight -');
            }
            await using own = new ClientSession({ trustEnv: true, proxy: null });
            expect(await direct(own, '127.0.0.1')).toBe('straight -');
            expect(await direct(session, '127.0.0.1')).toBe('proxy -');
          });
          await withEnvironment({ NETRC: netrc }, async () => {
            await using session = new ClientSession({ resolver: local, trustEnv: true });
            expect(await direct(session, 'a.test')).toBe(`straight ${basic('me "x":#secret')}`);
            expect(await direct(session, 'B.TEST')).toBe(`straight ${basic(':only')}`);
            for (const host of ['no.test', 'macro.test', 'other.test', 'later.test']) {
              expect(await direct(session, host)).toBe('straight -');
            }
            const auth = { username: 'own', password: 'x' };
            const given = await session.get(`http://a.test:${port}/`, { auth });
            expect(await given.text()).toContain(basic('own:x'));
          });
          const environments: Record<string, string>[] = [
            { HTTP_PROXY: http_proxy, REQUEST_METHOD: 'GET' },
            { HTTP_PROXY: http_proxy, NO_PROXY: '*' },
            { https_proxy: http_proxy },
            { NETRC: `${netrc}-not` },
            { NETRC: folder },
          ];
          for (const variables of environments) {
            await withEnvironment({ NETRC: '', ...variables }, async () => {
              await using session = new ClientSession({ trustEnv: true });
              expect(await direct(session, '127.0.0.1')).toBe('straight -');
            });
          }
          await withEnvironment({ all_proxy: 'socks5://127.0.0.1:1' }, async () => {
            await using session = new ClientSession({ trustEnv: true });
            await expect(session.get(url)).rejects.toThrow(/only http: and https:/);
          });
        });
      } finally {
        rmSync(folder, { recursive: true });
      }
    }),
  ));
