// Others at the other end: openssl and curl; peers that mean no good; and threads that end.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as tcpConnect } from 'node:net';
import { connect as nodeConnect } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { getRunningLoop, openConnection, promise, run, startServer } from 'oxbow';
import type { Coro, StreamReader, StreamWriter } from 'oxbow';
import { HANDSHAKES_MAX, ServerTls } from '#lib/tls/server-tls.js';

import { portOf } from '../contract/tcp-support.ts';
import { commands, testWith } from '../support/needs.ts';
import { bothHalves } from './halves.ts';
import { echo, failure, nodeClient, people, type People } from './tls-support.ts';

let who: People;
let folder: string;

beforeAll(async () => {
  who = await people();
  folder = mkdtempSync(join(tmpdir(), 'oxbow-tls-'));
  writeFileSync(join(folder, 'ca.pem'), who.root.cert);
  writeFileSync(join(folder, 'cert.pem'), who.server.chain);
  writeFileSync(join(folder, 'key.pem'), who.server.key);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a program prints that is given `input` and then its end. */
function output(program: string, args: string[], input = ''): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { cwd: folder }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
    child.stdin!.end(input);
  });
}

const withOpenssl = testWith(commands('openssl'));

describe.each(bothHalves())('through %s', (_name, half) => {
  beforeAll(half.use);
  afterAll(half.restore);

  withOpenssl('openssl s_client, in both versions and with what it must not have', async () => {
    await run(function* () {
      const serveOne = function* (reader: StreamReader, writer: StreamWriter): Coro<void> {
        // A client that may not negotiate again ends with an alert.
        yield* failure(echo(reader, writer));
      };
      const server = yield* startServer(serveOne, '127.0.0.1', 0, { tls: who.mine });
      const connect = ['s_client', '-connect', `127.0.0.1:${portOf(server)}`, '-CAfile', 'ca.pem'];
      for (const [version, name] of [
        ['-tls1_2', 'TLSv1.2'],
        ['-tls1_3', 'TLSv1.3'],
      ] as const) {
        const shown = yield* promise(output('openssl', [...connect, version], 'hello\nQ\n'));
        expect(shown).toContain(name);
        expect(shown).toContain('Verify return code: 0 (ok)');
        expect(shown).toContain('Secure Renegotiation IS');
      }
      const old = yield* promise(output('openssl', [...connect, '-tls1_1'], 'Q\n'));
      expect(old).toMatch(/alert|no protocols|unsupported/i);
      const weak = ['-tls1_2', '-cipher', 'NULL-SHA256:@SECLEVEL=0'];
      expect(yield* promise(output('openssl', [...connect, ...weak], 'Q\n'))).toMatch(/alert/);
      // To ask for another handshake is refused, and the connection lives.
      const again = yield* promise(output('openssl', [...connect, '-tls1_2'], 'R\nhello\n'));
      expect(again).toContain('RENEGOTIATING');
      expect(again).toMatch(/no renegotiation|hello/);
      server.close();
      yield* server.waitClosed();
    });
  });

  withOpenssl('openssl s_server', async () => {
    const args = ['s_server', '-accept', '127.0.0.1:0', '-cert', 'cert.pem', '-key', 'key.pem'];
    const child = spawn('openssl', [...args, '-rev'], { cwd: folder });
    try {
      const port = await new Promise<number>((resolve) => {
        let text = '';
        child.stdout.on('data', (data) => {
          text += String(data);
          const found = /ACCEPT 127\.0\.0\.1:(\d+)/.exec(text);
          if (found !== null) resolve(Number(found[1]));
        });
      });
      await run(function* () {
        const [reader, writer] = yield* openConnection('127.0.0.1', port, { tls: who.trust });
        writer.write('straight\n');
        expect(String(yield* reader.readline())).toBe('thgiarts\n');
        writer.close();
        yield* writer.waitClosed();
      });
    } finally {
      child.kill();
    }
  });

  testWith(commands('curl'))('curl', async () => {
    await run(function* () {
      const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 300000\r\nConnection: close\r\n\r\n';
      const server = yield* startServer(
        function* (reader, writer) {
          yield* reader.readuntil('\r\n\r\n');
          writer.write(answer + 'x'.repeat(300_000));
          writer.close();
        },
        '127.0.0.1',
        0,
        { tls: { ...who.mine, ALPNProtocols: ['http/1.1'] } },
      );
      const url = `https://localhost:${portOf(server)}/`;
      const args = ['-sS', '--noproxy', '*', '--ipv4', '--cacert', 'ca.pem', url];
      const got = yield* promise(output('curl', args));
      expect(got.length).toBe(300_000);
      server.close();
      yield* server.waitClosed();
    });
  });

  test('those who never finish keep nobody out', async () => {
    // More of them than may be on their way, without as many sockets: the oldest has to go.
    expect(HANDSHAKES_MAX).toBe(1024);
    await run(function* () {
      const loop = getRunningLoop();
      const server = yield* startServer(echo, '127.0.0.1', 0, { tls: who.mine });
      const port = portOf(server);
      const silent = Array.from({ length: 40 }, (_, n) => {
        const socket = tcpConnect(port, '127.0.0.1');
        socket.on('error', () => undefined);
        // Some say nothing, some a part of a hello, some what is none.
        if (n % 3 === 1) socket.write(Buffer.of(22, 3, 1, 2, 0, 1));
        if (n % 3 === 2) socket.write('GET / HTTP/1.1\r\n\r\n');
        return socket;
      });
      const good = yield* promise(nodeClient({ port, ...who.trust }, 'hello'));
      expect([good.heard, good.error]).toEqual(['hello', null]);
      for (const socket of silent) socket.destroy();
      expect(loop.isRunning()).toBe(true);
      server.close();
      yield* server.waitClosed();
    });
  });
});

test('of too many on their way the oldest goes', async () => {
  await run(function* () {
    const dropped: number[] = [];
    const listened = yield* startServer(() => undefined, '127.0.0.1', 0);
    // The rule alone, with connections that are none of C++'s.
    const tls = new ServerTls({ _settings: { handshakeTimeout: 60 } } as never, undefined);
    const targets = new Map<
      number,
      { _complete(op: number, words: Int32Array, at: number): void }
    >();
    const loop = {
      callLater: () => ({ cancel: () => undefined }),
      _register: (handle: number, _generation: number, target: never) =>
        targets.set(handle, target),
      _unregister: (handle: number) => targets.delete(handle),
      _rings: { submit: (_op: number, handle: number) => dropped.push(handle) },
      getDebug: () => false,
    };
    for (let n = 0; n < HANDSHAKES_MAX + 3; n++) {
      tls.accept(loop as never, n, 0, () => undefined);
    }
    expect(dropped).toEqual([0, 1, 2]);
    tls.close();
    expect(dropped.length).toBe(HANDSHAKES_MAX + 3);
    listened.close();
    yield;
  });
});

test('a peer that goes at any moment leaves nothing behind', async () => {
  await run(function* () {
    const loop = getRunningLoop();
    const server = yield* startServer(
      function* (reader, writer): Coro<void> {
        yield* failure(reader.read());
        writer.close();
      },
      '127.0.0.1',
      0,
      { tls: who.mine },
    );
    const port = portOf(server);
    for (let after = 0; after < 12; after++) {
      yield* promise(
        new Promise<void>((resolve) => {
          const socket = nodeConnect({ port, host: '127.0.0.1', rejectUnauthorized: false });
          socket.on('error', () => undefined);
          socket.on('close', () => resolve());
          let steps = 0;
          const step = (): void => {
            if (++steps > after) socket.destroy();
            else setImmediate(step);
          };
          socket.on('connect', step);
        }),
      );
    }
    const ended = openConnection('127.0.0.1', port, { tls: who.trust });
    const [, writer] = yield* ended;
    writer.transport.abort();
    server.close();
    yield* server.waitClosed();
    while (loop.metrics().handles > 0) yield;
    expect(loop.metrics().handles).toBe(0);
  });
});

test('a worker that is terminated in the middle of all that', async () => {
  const code = `
    const { workerData, parentPort } = require('node:worker_threads');
    import('oxbow').then(async ({ run, startServer, openConnection, sleep }) => {
      await run(async () => {
        const { mine, trust } = workerData;
        const server = await startServer(async (reader, writer) => {
          for (let d; (d = await reader.read(65536)).length > 0;) writer.write(d);
        }, '127.0.0.1', 0, { tls: mine });
        const port = server.sockets[0].getsockname()[1];
        let told = false;
        const one = async () => {
          for (;;) {
            const [reader, writer] = await openConnection('127.0.0.1', port, { tls: trust });
            for (let n = 0; n < 5; n++) { writer.write('x'.repeat(20000)); await reader.readexactly(20000); }
            writer.close();
            if (!told) parentPort.postMessage('going');
            told = true;
          }
        };
        await Promise.all([one(), one(), one()]);
      });
    });`;
  for (let round = 0; round < 4; round++) {
    const worker = new Worker(code, {
      eval: true,
      workerData: { mine: who.mine, trust: who.trust },
    });
    await new Promise((resolve) => worker.once('message', resolve));
    await worker.terminate();
  }
});
