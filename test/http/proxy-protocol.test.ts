// The PROXY protocol before HTTP and before TLS: headers written by hand as haproxy writes them,
// cut at every byte, and those that nobody may write.
import net from 'node:net';
import tls from 'node:tls';

import { openConnection, sleep } from 'oxbow';
import type { Coro } from 'oxbow';
import { Response, serve } from 'oxbow/http';
import type { HttpServer, ServeOptions } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';

import { authority, serverCertificate } from '../support/certificates.ts';
import { bothHalves } from '../tls/halves.ts';
import { Peer, withServer } from './serve-support.ts';

const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n';

const bytes = (...numbers: number[]): string => String.fromCharCode(...numbers);
const word = (number: number): string => bytes(number >> 8, number & 255);

/** A header of version 2. */
function second(command: number, family: number, rest: string, size = rest.length): string {
  return SIGNATURE + bytes(command, family) + word(size) + rest;
}

const IPV4 = bytes(203, 0, 113, 9, 10, 0, 0, 1) + word(40000) + word(443);
const IPV6 =
  bytes(0x20, 1, 0xd, 0xb8, ...Array<number>(11).fill(0), 9) +
  bytes(...Array<number>(15).fill(0), 1) +
  word(40000) +
  word(443);
const MAPPED = bytes(...Array<number>(10).fill(0), 255, 255, 203, 0, 113, 9) + IPV6.slice(16);
const UNIX = `/run/proxy.sock${'\0'.repeat(93)}/run/app.sock${'\0'.repeat(95)}`;
/** What haproxy adds: ALPN, an authority, a unique id, and nothing. */
const MORE =
  bytes(1) +
  word(2) +
  'h2' +
  bytes(2) +
  word(7) +
  'example' +
  bytes(5) +
  word(3) +
  'abc' +
  bytes(4, 0, 0);

/** Headers, and whom they name; null for the proxy itself. */
const GOOD: Record<string, [header: string, ip: string | null]> = {
  TCP4: ['PROXY TCP4 203.0.113.9 10.0.0.1 40000 443\r\n', '203.0.113.9'],
  'the shortest TCP4': ['PROXY TCP4 1.2.3.4 5.6.7.8 0 0\r\n', '1.2.3.4'],
  'the longest TCP4': [
    'PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n',
    '255.255.255.255',
  ],
  TCP6: ['PROXY TCP6 2001:db8::9 ::1 40000 443\r\n', '2001:db8::9'],
  'the longest TCP6': [
    'PROXY TCP6 ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n'.replaceAll(
      'ffff:f...f:ffff',
      Array(8).fill('ffff').join(':'),
    ),
    Array(8).fill('ffff').join(':'),
  ],
  'TCP6 of an IPv4 address': ['PROXY TCP6 ::ffff:203.0.113.9 ::1 1 2\r\n', '203.0.113.9'],
  UNKNOWN: ['PROXY UNKNOWN\r\n', null],
  'UNKNOWN with something behind it': ['PROXY UNKNOWN ff:: 1 whatever\r\n', null],
  'UNKNOWN as long as can be': [`PROXY UNKNOWN ${'x'.repeat(107 - 16)}\r\n`, null],
  'version 2, IPv4': [second(0x21, 0x11, IPV4), '203.0.113.9'],
  'version 2, IPv4, with more': [second(0x21, 0x11, IPV4 + MORE), '203.0.113.9'],
  'version 2, IPv6': [second(0x21, 0x21, IPV6), '2001:db8::9'],
  'version 2, IPv6 of an IPv4 address': [second(0x21, 0x21, MAPPED), '203.0.113.9'],
  'version 2, a Unix socket': [second(0x21, 0x31, UNIX), ''],
  'version 2, LOCAL': [second(0x20, 0, ''), null],
  'version 2, LOCAL with something behind it': [second(0x20, 0x11, 'xyz'), null],
  'version 2, of no family': [second(0x21, 0, ''), null],
  'version 2, of no family, with something behind it': [second(0x21, 0, 'xyz'), null],
  'version 2, 4,096 bytes': [
    second(0x21, 0x11, IPV4 + bytes(4) + word(4081) + 'x'.repeat(4081)),
    '203.0.113.9',
  ],
};

const BAD: Record<string, string> = {
  'no header': 'GET / HTTP/1.1\r\nHost: h\r\n\r\n',
  'in small letters': 'proxy TCP4 1.2.3.4 5.6.7.8 1 2\r\n',
  'two spaces': 'PROXY  TCP4 1.2.3.4 5.6.7.8 1 2\r\n',
  'two spaces behind the family': 'PROXY TCP4  1.2.3.4 5.6.7.8 1 2\r\n',
  'a space at the end': 'PROXY TCP4 1.2.3.4 5.6.7.8 1 2 \r\n',
  'a tab': 'PROXY TCP4\t1.2.3.4 5.6.7.8 1 2\r\n',
  'LF alone': 'PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n',
  'CR alone': 'PROXY TCP4 1.2.3.4 5.6.7.8 1 2\rGET',
  'UNKNOWN with LF alone': 'PROXY UNKNOWN\nGET / HTTP/1.1\r\n',
  'another family': 'PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n',
  'no family': 'PROXY 1.2.3.4 5.6.7.8 1 2 3 4 5 6\r\n',
  UNKNOWNS: 'PROXY UNKNOWNS\r\n',
  'an IPv6 address as TCP4': 'PROXY TCP4 ::1 ::1 40000 10000\r\n',
  'an IPv4 address as TCP6': 'PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n',
  'a number too large': 'PROXY TCP4 1.2.3.256 5.6.7.8 1 2\r\n',
  'a number with a zero before it': 'PROXY TCP4 1.2.3.04 5.6.7.8 1 2\r\n',
  'three numbers': 'PROXY TCP4 1.2.300 5.6.7.800 1 222\r\n',
  'a name': 'PROXY TCP4 localhost 5.6.7.8 1 2\r\n',
  'a zone': 'PROXY TCP6 fe80::1%eth0 ::1 10 20\r\n',
  'a port too large': 'PROXY TCP4 1.2.3.4 5.6.7.8 65536 2\r\n',
  'a port with a zero before it': 'PROXY TCP4 1.2.3.4 5.6.7.8 01 2\r\n',
  'a port with a sign': 'PROXY TCP4 1.2.3.4 5.6.7.8 +1 2\r\n',
  'no second port': 'PROXY TCP4 1.2.3.40 5.6.7.80 100\r\n',
  'a line of 108 bytes': `PROXY UNKNOWN ${'x'.repeat(108 - 16)}\r\n`,
  'a line that never ends': `PROXY UNKNOWN ${'x'.repeat(500)}`,
  'version 2, a signature with a fault': '\r\n\r\n\0\r\nQUIT\r!\x11\0\x0c' + IPV4,
  'version 1 in version 2': second(0x11, 0x11, IPV4),
  'version 3 in version 2': second(0x31, 0x11, IPV4),
  'version 2, another command': second(0x22, 0x11, IPV4),
  'version 2, of datagrams': second(0x21, 0x12, IPV4),
  'version 2, of another family': second(0x21, 0x41, IPV4),
  'version 2, of another transport': second(0x21, 0x13, IPV4),
  'version 2, half of an address': second(0x21, 0x11, IPV4.slice(0, 11)),
  'version 2, an IPv6 address of 12 bytes': second(0x21, 0x21, IPV4),
  'version 2, half of what stands behind': second(0x21, 0x11, IPV4 + bytes(1, 0)),
  'version 2, what stands behind is longer than the rest': second(
    0x21,
    0x11,
    IPV4 + bytes(1) + word(3) + 'ab',
  ),
  'version 2, 4,097 bytes': second(0x21, 0x11, IPV4 + 'x'.repeat(4085)),
  'version 2, 65,535 bytes': second(0x21, 0x11, IPV4, 65535),
};

const OPTIONS: ServeOptions = {
  trustedProxies: { addresses: ['loopback'], proxyProtocol: true },
  headersTimeout: '5s',
  fetch: ({ ip, remoteAddress, url, headers }) =>
    Response.json([ip, remoteAddress, url, headers.get('x')]),
};

const REQUEST = 'GET /a HTTP/1.1\r\nHost: h\r\nX: y\r\nConnection: close\r\n\r\n';

const answerOf = (text: string): unknown[] =>
  JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as unknown[];
const ipOf = (text: string): unknown => answerOf(text)[0];

/** What comes back for these pieces, until the server closes. */
function* exchange({ port }: HttpServer, pieces: string[]): Coro<string> {
  const [reader, writer] = yield* openConnection('127.0.0.1', port);
  for (const piece of pieces) {
    writer.write(Buffer.from(piece, 'latin1'));
    yield* sleep('1ms');
  }
  try {
    return (yield* reader.read()).toString('latin1');
  } catch {
    return 'broken';
  } finally {
    writer.close();
  }
}

const cutsOf = (text: string): number[] =>
  text.length < 500
    ? Array.from(text, (_, at) => at)
    : [1, 5, 15, 16, 17, 27, 28, 29, 100, text.length - 1];

test('what a header says is who asks, at every cut', () =>
  runVirtual(function* () {
    const server = yield* serve(OPTIONS);
    for (const [name, [header, ip]] of Object.entries(GOOD)) {
      const whole = header + REQUEST;
      for (const cut of [...cutsOf(header), header.length, header.length + 3]) {
        const pieces = [whole.slice(0, cut), whole.slice(cut)].filter((piece) => piece !== '');
        const text = yield* exchange(server, pieces);
        const right = [ip ?? '127.0.0.1', '127.0.0.1', 'http://h/a', 'y'];
        expect([name, cut, answerOf(text)]).toEqual([name, cut, right]);
      }
      const text = yield* exchange(server, [...header.slice(-120), REQUEST]);
      if (header.length <= 120) expect(ipOf(text)).toBe(ip ?? '127.0.0.1');
    }
    yield* server.shutdown();
  }));

test('what is no header ends the connection without an answer, at every cut', () =>
  runVirtual(function* () {
    let asked = 0;
    const server = yield* serve({
      ...OPTIONS,
      fetch() {
        asked++;
        return new Response('no');
      },
    });
    for (const [name, header] of Object.entries(BAD)) {
      for (const cut of cutsOf(header)) {
        const pieces = [header.slice(0, cut), header.slice(cut), REQUEST];
        const text = yield* exchange(
          server,
          pieces.filter((piece) => piece !== ''),
        );
        expect([name, cut, text === 'broken' || text === '']).toEqual([name, cut, true]);
      }
    }
    expect(asked).toBe(0);
    expect(server.connections).toBe(0);
    yield* server.shutdown();
  }));

test('several requests behind one header, and fields of a proxy that is trusted as well', () =>
  runVirtual(function* () {
    const server = yield* serve(OPTIONS);
    const forwarded = 'X-Forwarded-For: 198.51.100.7\r\n';
    const first = `GET /1 HTTP/1.1\r\nHost: h\r\n${forwarded}\r\n`;
    // Of somebody unknown such fields are nobody's word.
    const client = yield* exchange(server, [
      `PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n${first}${REQUEST}`,
    ]);
    expect([...client.matchAll(/\["([^"]*)"/g)].map((match) => match[1])).toEqual([
      '1.2.3.4',
      '1.2.3.4',
    ]);
    const proxy = yield* exchange(server, [
      `PROXY TCP4 127.0.0.9 5.6.7.8 1 2\r\n${first}${REQUEST}`,
    ]);
    expect([...proxy.matchAll(/\["([^"]*)"/g)].map((match) => match[1])).toEqual([
      '198.51.100.7',
      '127.0.0.9',
    ]);
    yield* server.shutdown();
  }));

test('a header that is late, and a server that closes, end the connection', () =>
  runVirtual(function* () {
    const server = yield* serve({ ...OPTIONS, headersTimeout: '10s' });
    const [reader, writer] = yield* openConnection('127.0.0.1', server.port);
    writer.write('PROXY TCP4');
    const [late] = yield* openConnection('127.0.0.1', server.port);
    yield* sleep('5s');
    const [second] = yield* openConnection('127.0.0.1', server.port);
    yield* sleep('6s');
    expect(reader.atEof() || reader.exception() !== null).toBe(true);
    expect(late.atEof() || late.exception() !== null).toBe(true);
    expect(second.atEof() || second.exception() !== null).toBe(false);
    yield* server.shutdown();
    yield* sleep('1ms');
    expect(second.atEof() || second.exception() !== null).toBe(true);
  }));

test('who is not trusted has no header, and is read as ever', () =>
  runVirtual(function* () {
    const server = yield* serve({
      ...OPTIONS,
      trustedProxies: { addresses: ['10.0.0.0/8'], proxyProtocol: true },
    });
    expect(ipOf(yield* exchange(server, [REQUEST]))).toBe('127.0.0.1');
    const header = 'PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n';
    expect(yield* exchange(server, [header + REQUEST])).toMatch(/^HTTP\/1\.1 400 /);
    yield* server.shutdown();
  }));

test('without the option a header is no request', () =>
  withServer({ ...OPTIONS, trustedProxies: ['loopback'] }, async (server) => {
    const peer = new Peer(server.port);
    await peer.send(`PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n${REQUEST}`);
    expect(await peer.untilClosed()).toMatch(/^HTTP\/1\.1 400 /);
  }));

test('over real sockets, with all in one packet and byte by byte', () =>
  withServer(OPTIONS, async (server) => {
    for (const [header, ip] of [GOOD['TCP4']!, GOOD['version 2, IPv6']!]) {
      for (const send of ['send', 'sendBytewise'] as const) {
        const peer = new Peer(server.port);
        await peer[send](header + REQUEST);
        expect(answerOf(await peer.untilClosed())).toEqual([ip, '127.0.0.1', 'http://h/a', 'y']);
      }
    }
  }));

describe.each(bothHalves())('before TLS, through %s', (_name, half) => {
  beforeAll(half.use);
  afterAll(half.restore);

  /** What comes back by TLS on a connection on which these pieces were sent before. */
  async function secured(port: number, pieces: string[]): Promise<string> {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    for (const piece of pieces) {
      await new Promise<void>((resolve) => socket.write(piece, 'latin1', () => resolve()));
      await new Promise(setImmediate);
    }
    const client = tls.connect({ socket, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
    client.setEncoding('latin1').on('error', () => {});
    let text = '';
    client.on('data', (piece) => (text += String(piece)));
    client.write(REQUEST);
    await new Promise((resolve) => client.on('close', resolve));
    return text;
  }

  test('the header comes first, in clear', async () => {
    const { cert, key } = await serverCertificate(await authority('root'));
    await withServer({ ...OPTIONS, tls: { cert, key } }, async (server) => {
      for (const [header, ip] of [GOOD['TCP6']!, GOOD['version 2, IPv4, with more']!]) {
        for (const cut of [0, 1, 11, 12, 15, 16, 20, header.length - 1]) {
          const pieces = [header.slice(0, cut), header.slice(cut)].filter((one) => one !== '');
          const text = await secured(server.port, pieces);
          expect(answerOf(text)).toEqual([ip, '127.0.0.1', 'https://h/a', 'y']);
        }
      }
      // Without one, the greeting of TLS is no header.
      expect(await secured(server.port, [])).toBe('');
    });
    const untrusting = { addresses: ['10.0.0.0/8'], proxyProtocol: true };
    await withServer(
      { ...OPTIONS, trustedProxies: untrusting, tls: { cert, key } },
      async (server) => {
        expect(ipOf(await secured(server.port, []))).toBe('127.0.0.1');
      },
    );
  });
});
