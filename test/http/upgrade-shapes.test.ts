// Requests to leave HTTP, in shapes that are wrong or unusual: what is answered, and what becomes
// of what follows them.
import { Response, toNodeHandler, websocket } from 'oxbow/http';

import { conversation, withServer } from './serve-support.ts';

const routes = {
  '/ws': websocket({ message: () => {} }),
  '/page': new Response('page'),
  '/node': toNodeHandler((_request, response) => void response.end('node')),
};

const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
const VERSION = 'Sec-WebSocket-Version: 13\r\n';
const BEHIND = 'GET /page HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

function statuses(answer: string): number[] {
  return [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

/** Fields besides Host, and what is answered; behind each stands one more request. */
const SHAPES: Array<[name: string, fields: string, statuses: number[], body?: string]> = [
  [
    'h2c',
    'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n',
    [426, 200],
  ],
  ['no Connection', `Upgrade: websocket\r\n${KEY}${VERSION}`, [400, 200]],
  [
    'Connection of other words',
    `Connection: keep-alive\r\nUpgrade: websocket\r\n${KEY}${VERSION}`,
    [400, 200],
  ],
  ['no Upgrade', `Connection: Upgrade\r\n${KEY}${VERSION}`, [426, 200]],
  ['an empty Upgrade', `Connection: Upgrade\r\nUpgrade: \r\n${KEY}${VERSION}`, [426, 200]],
  ['two keys', `Connection: Upgrade\r\nUpgrade: websocket\r\n${KEY}${KEY}${VERSION}`, [400]],
  [
    'a key that is no base64',
    `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ${'*'.repeat(24)}\r\n${VERSION}`,
    [400],
  ],
  [
    'two versions',
    `Connection: Upgrade\r\nUpgrade: websocket\r\n${KEY}${VERSION}${VERSION}`,
    [426],
  ],
  [
    'version 013',
    `Connection: Upgrade\r\nUpgrade: websocket\r\n${KEY}Sec-WebSocket-Version: 013\r\n`,
    [426],
  ],
  [
    'a body of a length',
    `Connection: Upgrade\r\nUpgrade: websocket\r\n${KEY}${VERSION}Content-Length: 4\r\n`,
    [400, 200],
    'body',
  ],
  [
    'a body in chunks',
    `Connection: Upgrade\r\nUpgrade: websocket\r\n${KEY}${VERSION}Transfer-Encoding: chunked\r\n`,
    [400, 200],
    '4\r\nbody\r\n0\r\n\r\n',
  ],
];

describe.each(SHAPES)('%s', (_name, fields, expected, body = '') => {
  test('to a WebSocket', () =>
    withServer({ routes }, async (server) => {
      const text = `GET /ws HTTP/1.1\r\nHost: a\r\n${fields}\r\n${body}${BEHIND}`;
      expect(statuses(await conversation(server.port, text))).toEqual(expected);
    }));

  test.each(['/page', '/node'])('to %s, which is answered as ever', (path) =>
    withServer({ routes }, async (server) => {
      const text = `GET ${path} HTTP/1.1\r\nHost: a\r\n${fields}\r\n${body}${BEHIND}`;
      const answers = statuses(await conversation(server.port, text));
      expect(answers).toEqual(expected.map(() => 200));
    }),
  );
});

test('HTTP/1.0 cannot leave', () =>
  withServer({ routes }, async (server) => {
    const fields = `Connection: Upgrade\r\nUpgrade: websocket\r\n${KEY}${VERSION}`;
    const answer = await conversation(server.port, `GET /ws HTTP/1.0\r\n${fields}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 426 /);
    expect(answer).toMatch(/\r\nupgrade: websocket\r\n/i);
  }));

test('words in any case, among others', () =>
  withServer({ routes }, async (server) => {
    const fields = `CONNECTION: keep-alive, UPGRADE\r\nUPGRADE: h2c, WebSocket\r\n${KEY}${VERSION}`;
    const close = '\x88\x80\0\0\0\0';
    const text = `GET /ws HTTP/1.1\r\nHost: a\r\n${fields}\r\n${close}`;
    expect(statuses(await conversation(server.port, text))).toEqual([101]);
    expect(server.counters).toMatchObject({ requests: 1, pending: 0 });
  }));
