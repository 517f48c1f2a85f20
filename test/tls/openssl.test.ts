// What the program `openssl` makes and says, at the other end, through both halves: stapled OCSP
// responses, PKCS#12 archives, encrypted keys, and a second negotiation.
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openConnection, promise, run, startServer } from 'oxbow';
import type { Coro, StreamReader, StreamWriter, TlsOptions } from 'oxbow';

import { portOf } from '../contract/tcp-support.ts';
import { serverCertificate } from '../support/certificates.ts';
import { commands, testWith } from '../support/needs.ts';
import { bothHalves } from './halves.ts';
import { echo, failure, people, type People } from './tls-support.ts';

let who: People;
let folder: string;

const openssl = (...args: string[]): string =>
  execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });

beforeAll(async () => {
  who = await people();
  folder = mkdtempSync(join(tmpdir(), 'oxbow-openssl-'));
  const files = { ca: who.root.cert, 'ca-key': who.root.key };
  for (const [name, text] of Object.entries({ ...files, cert: who.server.chain })) {
    writeFileSync(join(folder, `${name}.pem`), text);
  }
  writeFileSync(join(folder, 'key.pem'), who.server.key);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const withOpenssl = testWith(commands('openssl'));

/** A server of openssl's that listens, until `use` is over. */
async function withServer<T>(
  args: string[],
  use: (port: number, child: ChildProcessWithoutNullStreams) => Promise<T>,
): Promise<T> {
  const identity = ['-cert', 'cert.pem', '-key', 'key.pem'];
  const all = ['s_server', '-accept', '127.0.0.1:0', ...identity, ...args];
  const child = spawn('openssl', all, { cwd: folder });
  try {
    return await use(Number((await printed(child, /ACCEPT 127\.0\.0\.1:(\d+)/))[1]), child);
  } finally {
    child.kill();
  }
}

/** Waits until the program has printed that. */
function printed(child: ChildProcessWithoutNullStreams, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve) => {
    let text = '';
    const look = (data: unknown): void => {
      text += String(data);
      const found = pattern.exec(text);
      if (found !== null) resolve(found);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
  });
}

/** What a client of openssl's prints that has said nothing. */
function client(port: number, args: string[]): Promise<string> {
  const to = ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'localhost'];
  const child = spawn('openssl', [...to, '-CAfile', 'ca.pem', ...args], { cwd: folder });
  return new Promise((resolve) => {
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => (text += String(data)));
    }
    child.on('close', () => resolve(text));
    child.stdin.end('Q\n');
  });
}

/** Says a word there and back. @returns what is known of the connection by `name` */
function* spoken(port: number, tls: TlsOptions, name: string): Coro<unknown> {
  const [reader, writer] = yield* openConnection('localhost', port, { tls });
  writer.write('word\n');
  expect(String(yield* reader.readline())).toMatch(/^(?:word|drow)\n$/);
  const known = writer.getExtraInfo(name);
  writer.close();
  yield* writer.waitClosed();
  return known;
}

/** A session of a client, as PEM, that says that 16 KiB of early data may be sent. */
function withEarlyData(pem: string): string {
  const [, name, text] = /-----BEGIN (.*)-----([^-]*)/.exec(pem)!;
  const der = Buffer.from(text!, 'base64');
  // A sequence longer than 255 bytes, whose elements are in the order of their tags.
  let at = 4;
  const sizeAt = (n: number): [head: number, size: number] =>
    der[n + 1]! < 0x80
      ? [2, der[n + 1]!]
      : der[n + 1] === 0x81
        ? [3, der[n + 2]!]
        : [4, der.readUInt16BE(n + 2)];
  while (at < der.length && der[at]! < 0xaf) at += sizeAt(at)[0] + sizeAt(at)[1];
  const body = [der.subarray(4, at), Buffer.of(0xaf, 4, 2, 2, 0x40, 0), der.subarray(at)];
  const whole = Buffer.concat(body);
  const head = Buffer.of(0x30, 0x82, whole.length >> 8, whole.length & 255);
  const base64 = Buffer.concat([head, whole])
    .toString('base64')
    .match(/.{1,64}/g)!;
  return `-----BEGIN ${name}-----\n${base64.join('\n')}\n-----END ${name}-----\n`;
}

describe.each(bothHalves())('through %s', (_name, half) => {
  beforeAll(half.use);
  afterAll(half.restore);

  withOpenssl('a stapled OCSP response, of a server of ours and of theirs', async () => {
    // What a certificate authority would answer: the database has our certificate as valid.
    const serial = openssl('x509', '-in', 'cert.pem', '-noout', '-serial').trim().split('=')[1];
    writeFileSync(join(folder, 'index.txt'), `V\t990101000000Z\t\t${serial}\tunknown\t/CN=x\n`);
    const both = ['-CA', 'ca.pem', '-rsigner', 'ca.pem', '-rkey', 'ca-key.pem', '-index'];
    openssl('ocsp', '-issuer', 'ca.pem', '-cert', 'cert.pem', '-no_nonce', '-reqout', 'ask.der');
    openssl('ocsp', ...both, 'index.txt', '-reqin', 'ask.der', '-respout', 'answer.der');
    const ocspResponse = readFileSync(join(folder, 'answer.der'));
    await run(function* () {
      const tls = { ...who.mine, ocspResponse };
      const server = yield* startServer(echo, '127.0.0.1', 0, { tls });
      for (const version of ['-tls1_2', '-tls1_3']) {
        const shown = yield* promise(client(portOf(server), ['-status', version]));
        expect(shown).toContain('OCSP Response Status: successful');
        expect(shown).toContain('Cert Status: good');
      }
      server.close();
      yield* server.waitClosed();
    });
    const asking = { ...who.trust, requestOCSP: true };
    const got = await withServer(['-rev', '-status_file', 'answer.der'], (port) =>
      run(spoken(port, asking, 'ocspResponse')),
    );
    expect(got).toEqual(ocspResponse);
  });

  withOpenssl('PKCS#12 archives and encrypted keys that openssl has made', async () => {
    const secret = ['-passout', 'pass:hunter2'];
    const own = ['-inkey', 'key.pem', '-in', 'cert.pem'];
    openssl('pkcs12', '-export', ...own, '-out', 'new.p12', ...secret);
    openssl('pkcs12', '-export', ...own, '-out', 'open.p12', '-passout', 'pass:');
    openssl('pkcs8', '-topk8', '-in', 'key.pem', '-out', 'pkcs8.pem', '-v2', 'aes256', ...secret);
    openssl('ec', '-aes256', '-in', 'key.pem', '-out', 'old.pem', ...secret);
    const read = (name: string): Buffer => readFileSync(join(folder, name));
    const cert = who.server.chain;
    const passphrase = 'hunter2';
    const identities: TlsOptions[] = [
      { pfx: read('new.p12'), passphrase },
      { pfx: [{ buf: read('new.p12'), passphrase }] },
      { pfx: read('open.p12') },
      { cert, key: read('pkcs8.pem'), passphrase },
      { cert, key: { pem: read('old.pem'), passphrase } },
    ];
    await run(function* () {
      for (const tls of identities) {
        const server = yield* startServer(echo, '127.0.0.1', 0, { tls });
        const peer = (yield* spoken(portOf(server), who.trust, 'peercert')) as { raw: Buffer };
        expect(peer.raw.equals(Buffer.from(who.server.certificate.rawData))).toBe(true);
        server.close();
        yield* server.waitClosed();
      }
      const wrong = { pfx: read('new.p12'), passphrase: 'wrong' };
      expect(() => startServer(echo, '127.0.0.1', 0, { tls: wrong })).toThrow(
        /the archive cannot be opened/,
      );
    });
  });

  withOpenssl('suites and curves that have nothing in common', async () => {
    const cases: [args: string[], tls: TlsOptions][] = [
      [['-tls1_2', '-cipher', 'ECDHE+AESGCM'], { ciphers: 'ECDHE-ECDSA-CHACHA20-POLY1305' }],
      [
        ['-tls1_3', '-ciphersuites', 'TLS_AES_128_GCM_SHA256'],
        { ciphers: 'TLS_AES_256_GCM_SHA384' },
      ],
      [['-tls1_3', '-groups', 'P-384'], { ecdhCurve: 'P-521' }],
    ];
    for (const [args, tls] of cases) {
      const code = await withServer(args, (port) =>
        run(failure(spoken(port, { ...who.trust, ...tls }, 'cipher'))),
      );
      // OpenSSL 3.5, of newer Nodes, has another name for the first.
      expect(code).toMatch(
        /^ERR_SSL_(?:(?:SSLV3|SSL\/TLS)_ALERT_HANDSHAKE_FAILURE|TLSV1_ALERT_.*)$/,
      );
    }
  });

  withOpenssl('what comes before the handshake (early data) is not taken', async () => {
    writeFileSync(join(folder, 'early.txt'), 'too early\n');
    await run(function* () {
      let heard = '';
      const echoed = function* (reader: StreamReader, writer: StreamWriter): Coro<void> {
        for (let line; (line = yield* reader.readline()).length > 0;) {
          heard += String(line);
          writer.write(line);
        }
        writer.close();
      };
      const server = yield* startServer(echoed, '127.0.0.1', 0, { tls: who.mine });
      const to = ['s_client', '-connect', `127.0.0.1:${portOf(server)}`, '-tls1_3'];
      const says = function* (word: string, args: string[]): Coro<string> {
        const all = [...to, '-servername', 'localhost', '-CAfile', 'ca.pem', ...args];
        const child = spawn('openssl', all, { cwd: folder });
        let text = '';
        child.stdout.on('data', (data) => (text += String(data)));
        child.stdin.write(`${word}\n`);
        yield* promise(printed(child, new RegExp(`^${word}$`, 'm')));
        child.stdin.end('Q\n');
        yield* promise(new Promise((resolve) => child.on('close', resolve)));
        return text;
      };
      yield* says('first', ['-sess_out', 'session.pem']);
      // Our tickets allow none; a client that believes otherwise sends some all the same.
      const asked = withEarlyData(readFileSync(join(folder, 'session.pem'), 'latin1'));
      writeFileSync(join(folder, 'session.pem'), asked);
      const shown = yield* says('later', ['-sess_in', 'session.pem', '-early_data', 'early.txt']);
      expect(shown).toMatch(/^Reused/m);
      expect(shown).toMatch(/Early data was rejected/);
      expect(heard).toBe('first\nlater\n');
      server.close();
      yield* server.waitClosed();
    });
  });

  withOpenssl('nobody gets a second negotiation of us', async () => {
    const told = await withServer(['-tls1_2'], (port, child) =>
      run(function* () {
        const [reader, writer] = yield* openConnection('localhost', port, { tls: who.trust });
        writer.write('first\n');
        yield* promise(printed(child, /first/));
        child.stdin.write('r\n');
        const end = yield* failure(reader.read());
        writer.transport.abort();
        return end;
      }),
    );
    expect(told).not.toBe('nothing');
  });
});

testWith(commands('bun'))('a client on Bun', async () => {
  const code = `
    let heard = '';
    Bun.connect({
      hostname: '127.0.0.1',
      port: Number(process.env.PORT),
      tls: { ca: process.env.CA, serverName: 'localhost' },
      socket: {
        handshake(socket, ok, error) {
          if (!ok || error) { console.log(error?.code); process.exit(1); }
          socket.write('over and out');
        },
        data(socket, data) { if ((heard += data) === 'over and out') socket.end(); },
        close() { console.log(heard); process.exit(0); },
      },
    });`;
  await run(function* () {
    const server = yield* startServer(echo, '127.0.0.1', 0, { tls: who.mine });
    for (const [ca, says] of [
      [who.root.cert, 'over and out'],
      [(yield* promise(serverCertificate(null))).cert, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ] as const) {
      const env = { ...process.env, PORT: String(portOf(server)), CA: ca };
      const child = spawn('bun', ['-e', code], { env });
      yield* promise(printed(child, new RegExp(says)));
      yield* promise(new Promise((resolve) => child.on('close', resolve)));
    }
    server.close();
    yield* server.waitClosed();
  });
});
