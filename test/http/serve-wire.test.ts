// serve() against raw sockets: framing, pipelining, refusals, peers that misbehave.
import { Future, getRunningLoop, sleep } from 'oxbow';
import { Response } from 'oxbow/http';
import type { Request } from 'oxbow/http';
import { conversation, Peer, withServer } from './serve-support.ts';

const echo = async (request: Request): Promise<Response> =>
  new Response(`${request.method} ${request.target} ${await request.text()}`);

const count = (text: string, part: string): number => text.split(part).length - 1;

test('a request that comes byte by byte', () =>
  withServer({ fetch: echo }, async (server) => {
    const peer = new Peer(server.port);
    await peer.sendBytewise(
      'POST /slow HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n' +
        '3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n',
    );
    expect(await peer.until((text) => text.includes('abcde'))).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    await peer.sendBytewise('GET /again HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await peer.untilClosed()).toMatch(/connection: close[^]*GET \/again $/);
  }));

test('pipelined requests are answered in order, one at a time', () => {
  let running = 0;
  let most = 0;
  return withServer(
    {
      async fetch(request) {
        most = Math.max(most, ++running);
        const turns = 5 - Number(request.path.slice(1));
        for (let n = 0; n < turns; n++) await sleep(0);
        running -= 1;
        return new Response(request.path);
      },
    },
    async (server) => {
      let text = '';
      for (let n = 0; n < 5; n++) text += `GET /${n} HTTP/1.1\r\nHost: x\r\n\r\n`;
      text += 'GET /5 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
      const answers = await conversation(server.port, text);
      expect(answers.match(/\/\d$|\/\d(?=HTTP)/g)).toEqual(['/0', '/1', '/2', '/3', '/4', '/5']);
      expect(most).toBe(1);
    },
  );
});

test('tiny answers that come again are the same to the byte', () => {
  const answerTo = (path: string): Response => {
    const [status, body] = decodeURIComponent(path.slice(1)).split('.');
    return new Response(body, { status: Number(status) });
  };
  // Few bodies and many, with one length and several, that alternate, come once, and come back.
  const said: string[] = [];
  for (let round = 0; round < 4; round++) {
    for (const body of ['one', 'two', '', 'x'.repeat(96), 'caf\u00e9', '\u20ac']) {
      said.push(`200.${body}`, `404.${body}`);
    }
  }
  for (let n = 0; n < 200; n++) said.push(`200.n${n % 150}`, '404.gone');
  for (let round = 0; round < 4; round++) said.push('200.one', '500.one', '404.gone');
  return withServer({ fetch: (request) => answerTo(request.path) }, async (server) => {
    const asked = said.map(
      (path, n) =>
        `GET /${encodeURIComponent(path)} HTTP/1.1\r\nHost: x\r\n` +
        `${n === said.length - 1 ? 'Connection: close\r\n' : ''}\r\n`,
    );
    const answers = await conversation(server.port, asked.join(''));
    const reasons: Record<string, string> = {
      200: 'OK',
      404: 'Not Found',
      500: 'Internal Server Error',
    };
    const wanted = said.map((path, n) => {
      const [status, body] = path.split('.');
      const bytes = Buffer.from(body!).toString('latin1');
      return (
        `HTTP/1.1 ${status} ${reasons[status!]}\r\ncontent-type: text/plain;charset=UTF-8\r\n` +
        `date: D\r\ncontent-length: ${bytes.length}\r\n` +
        `${n === said.length - 1 ? 'connection: close\r\n' : ''}\r\n${bytes}`
      );
    });
    expect(answers.replaceAll(/date: [^\r]+/g, 'date: D')).toBe(wanted.join(''));
  });
});

test('more pipelined requests than the queue holds', () =>
  withServer(
    {
      async fetch(request) {
        await sleep(0);
        return new Response(request.path);
      },
    },
    async (server) => {
      const peer = new Peer(server.port);
      for (let n = 0; n < 500; n++) await peer.send(`GET /${n} HTTP/1.1\r\nHost: x\r\n\r\n`);
      const answers = await peer.until((text) => text.endsWith('/499'));
      expect(count(answers, 'HTTP/1.1 200 OK')).toBe(500);
      peer.close();
    },
  ));

test('a peer that pipelines and does not read is paused; the answers are all there', () => {
  let handled = 0;
  const body = 'x'.repeat(100_000);
  return withServer(
    {
      fetch() {
        handled += 1;
        return new Response(body);
      },
    },
    async (server) => {
      const peer = new Peer(server.port);
      peer.socket.pause();
      for (let n = 0; n < 400; n++) await peer.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
      expect(handled).toBeLessThan(400);
      peer.socket.resume();
      await peer.until(
        (text) => text.length >= 400 * body.length && count(text, 'HTTP/1.1 200 OK') === 400,
      );
      expect(handled).toBe(400);
      peer.close();
    },
  );
});

const refused: Array<[name: string, status: number, text: string]> = [
  [
    'both lengths',
    400,
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n' +
      'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n',
  ],
  [
    'two lengths',
    400,
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3' + '\r\n\r\nabc',
  ],
  ['a signed length', 400, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc'],
  ['a space before the colon', 400, 'GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n'],
  ['a folded line', 400, 'GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n'],
  ['a bare line feed', 400, 'GET / HTTP/1.1\nHost: x\n\n'],
  ['no host', 400, 'GET / HTTP/1.1\r\n\r\n'],
  [
    'an obscured coding',
    400,
    'POST / HTTP/1.1\r\nHost: x\r\n' + 'Transfer-Encoding: chunked, identity\r\n\r\n',
  ],
  ['a long line', 431, `GET / HTTP/1.1\r\nHost: x\r\nA: ${'b'.repeat(20_000)}\r\n\r\n`],
  ['many fields', 431, `GET / HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(200)}\r\n`],
];

test.each(refused)('refuses %s and closes', (_name, status, text) =>
  withServer({ fetch: echo }, async (server) => {
    const answer = await conversation(server.port, text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*\r\nconnection: close\r\n`));
    expect(answer).not.toContain('smuggled');
    expect(count(answer, 'HTTP/1.1 ')).toBe(1);
  }),
);

test('what came before a refused message is answered first', () =>
  withServer(
    {
      async fetch() {
        await sleep(0.01);
        return new Response('good');
      },
    },
    async (server) => {
      const answer = await conversation(
        server.port,
        'GET / HTTP/1.1\r\nHost: x\r\n\r\nGET bad HTTP/1.1\r\n\r\n',
      );
      expect(answer).toMatch(/^HTTP\/1.1 200 OK[^]*goodHTTP\/1.1 400 Bad Request/);
    },
  ));

test('a body that breaks off in its framing fails the read with 400', () =>
  withServer({ fetch: echo }, async (server) => {
    const answer = await conversation(
      server.port,
      'POST / HTTP/1.1\r\nHost: x\r\n' + 'Transfer-Encoding: chunked\r\n\r\n3\r\nabcX',
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
  }));

test('413 for a body that is too large, declared or not', () =>
  withServer({ maxBodySize: 10, fetch: echo }, async (server) => {
    const declared = await conversation(
      server.port,
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n',
    );
    expect(declared).toMatch(/^HTTP\/1.1 413 Content Too Large\r\n/);
    const chunked = await conversation(
      server.port,
      'POST / HTTP/1.1\r\nHost: x\r\n' +
        'Transfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n',
    );
    expect(chunked).toMatch(/^HTTP\/1.1 413 [^]*connection: close/);
    const peer = new Peer(server.port);
    await peer.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n0123456789');
    expect(await peer.until((text) => text.endsWith('789'))).toMatch(/^HTTP\/1.1 200 /);
    peer.close();
  }));

test('100 Continue is sent when the handler wants the body, and not otherwise', () =>
  withServer(
    {
      routes: { '/read': echo, '/not': new Response('no') },
    },
    async (server) => {
      const peer = new Peer(server.port);
      await peer.send(
        'POST /read HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n' + 'Content-Length: 3\r\n\r\n',
      );
      await peer.until((text) => text === 'HTTP/1.1 100 Continue\r\n\r\n');
      await peer.send('abc');
      expect(await peer.until((text) => text.endsWith('abc'))).toContain('200 OK');
      peer.close();
      const answer = await conversation(
        server.port,
        'POST /not HTTP/1.1\r\nHost: x\r\n' + 'Expect: 100-continue\r\nContent-Length: 3\r\n\r\n',
      );
      expect(answer).toMatch(/^HTTP\/1.1 200 OK[^]*connection: close\r\n/);
    },
  ));

test('a body that nobody reads does not become the next request', () =>
  withServer({ fetch: ({ path }) => new Response(path) }, async (server) => {
    const body = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
    const peer = new Peer(server.port);
    await peer.send(`POST /first HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`);
    await peer.until((text) => text.endsWith('/first'));
    await peer.send(`${body}GET /second HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(await peer.untilClosed()).not.toContain('smuggled');
    expect(peer.received).toMatch(/\/second$/);
  }));

test('HTTP/1.0: closes by itself, or keeps alive when asked to; no chunks', () =>
  withServer(
    {
      routes: { '/': new Response('hi'), '/stream': () => new Response(['a', 'b'].values()) },
    },
    async (server) => {
      expect(await conversation(server.port, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/close\r\n\r\nhi$/);
      const streamed = await conversation(
        server.port,
        'GET /stream HTTP/1.0\r\n' + 'Connection: keep-alive\r\n\r\n',
      );
      expect(streamed).toMatch(/\r\n\r\nab$/);
      expect(streamed).not.toContain('chunked');
      const peer = new Peer(server.port);
      await peer.send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
      expect(await peer.until((text) => text.endsWith('hi'))).toContain('connection: keep-alive');
      peer.close();
    },
  ));

test('a peer that only closes its sending side still gets its answers', () =>
  withServer(
    {
      async fetch(request) {
        await sleep(0.01);
        return new Response(request.path);
      },
    },
    async (server) => {
      const peer = new Peer(server.port, { allowHalfOpen: true });
      peer.socket.end('GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
      const answers = await peer.untilClosed();
      expect(count(answers, '200 OK')).toBe(2);
    },
  ));

test('a client that goes away aborts request.signal; the handler goes on', async () => {
  let aborted: Future<string>;
  let finished: Future<void>;
  await withServer(
    {
      async fetch(request) {
        const { signal } = request;
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        aborted.setResult((signal.reason as NodeJS.ErrnoException).code!);
        await sleep(0);
        finished.setResult(undefined);
        return new Response('nobody reads this');
      },
    },
    async (server) => {
      aborted = getRunningLoop().createFuture<string>();
      finished = getRunningLoop().createFuture<void>();
      const peer = new Peer(server.port);
      await peer.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      peer.close();
      expect(await aborted).toBe('ECONNRESET');
      await finished;
    },
  );
});

test('a client that goes away in the middle of its body fails the read', () => {
  let failed: Future<string>;
  return withServer(
    {
      async fetch(request) {
        await request.text().catch((error: any) => failed.setResult(error.code));
        return new Response();
      },
    },
    async (server) => {
      failed = getRunningLoop().createFuture<string>();
      const peer = new Peer(server.port);
      await peer.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc');
      peer.close();
      expect(await failed).toBe('ECONNRESET');
    },
  );
});

test('a stream waits for a slow reader, and ends when the reader leaves', () => {
  let made = 0;
  let released: Future<void>;
  return withServer(
    {
      fetch: () =>
        new Response(
          (function* () {
            const piece = Buffer.alloc(64 * 1024);
            try {
              for (;;) {
                made += piece.length;
                yield piece;
              }
            } finally {
              released.setResult(undefined);
            }
          })(),
        ),
    },
    async (server) => {
      released = getRunningLoop().createFuture<void>();
      const peer = new Peer(server.port);
      peer.socket.pause();
      await peer.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      let before = -1;
      while (made !== before || made === 0) {
        before = made;
        for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
      }
      expect(made).toBeLessThan(32 * 2 ** 20);
      peer.close();
      await released;
    },
  );
});

test('a stream that fails breaks the connection and is reported', () =>
  withServer(
    {
      fetch: () =>
        new Response(
          (function* () {
            yield 'some';
            throw new Error('half way');
          })(),
        ),
    },
    async (server) => {
      const reported: unknown[] = [];
      getRunningLoop().setExceptionHandler((_loop, { exception }) => reported.push(exception));
      const answer = await conversation(server.port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      expect(answer).not.toContain('\r\n0\r\n\r\n');
      expect((reported[0] as Error).message).toBe('half way');
    },
  ));
