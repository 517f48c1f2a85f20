// Bodies of requests: who gets them, in which form, and what they cost while they wait.
import { ContextVar, currentTask, getRunningLoop, sleep } from 'oxbow';
import { HttpError, Response } from 'oxbow/http';
import type { Request } from 'oxbow/http';
import { collectGarbage } from '../support/garbage.ts';
import { ask, conversation, Peer, withServer } from './serve-support.ts';

const chunkedHead = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
const sizedHead = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n';

async function readAll(request: Request): Promise<number> {
  let size = 0;
  for (let piece; (piece = await request.body.read()) !== null;) size += piece.length;
  return size;
}

async function iterateAll(request: Request): Promise<number> {
  let size = 0;
  for await (const piece of request.body) size += piece.length;
  return size;
}

describe('a body that is being read when the answer goes out', () => {
  const readers: Array<[string, (request: Request) => PromiseLike<unknown>]> = [
    ['text()', async (request) => (await request.text()).length],
    ['bytes()', async (request) => (await request.bytes()).length],
    ['read()', readAll],
    ['for await', iterateAll],
  ];
  describe.each(readers)('%s', (_name, read) => {
    test.each([[''], ['Connection: close\r\n']])('comes whole %j', (line) => {
      let reading: PromiseLike<unknown>;
      return withServer(
        {
          fetch(request) {
            reading = read(request);
            return new Response('accepted', { status: 202 });
          },
        },
        async (server) => {
          const peer = new Peer(server.port, { allowHalfOpen: true });
          await peer.send(sizedHead.replace('Host', `${line}Host`) + 'a'.repeat(300));
          await peer.until((text) => text.endsWith('accepted'));
          await peer.send('b'.repeat(700));
          expect(await reading).toBe(1000);
          if (line === '') {
            peer.received = '';
            await peer.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
            await peer.until((text) => text.endsWith('accepted'));
          } else {
            peer.socket.end();
            await peer.untilClosed();
          }
          peer.close();
        },
      );
    });

    test('fails when the client leaves in the middle', () => {
      let reading: PromiseLike<unknown>;
      return withServer(
        {
          fetch(request) {
            reading = read(request);
            return new Response('accepted', { status: 202 });
          },
        },
        async (server) => {
          const peer = new Peer(server.port);
          await peer.send(sizedHead + 'a'.repeat(300));
          await peer.until((text) => text.endsWith('accepted'));
          peer.close();
          await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
        },
      );
    });

    test('fails when the rest does not come in time', () => {
      let reading: PromiseLike<unknown>;
      return withServer(
        {
          bodyTimeout: 0.05,
          fetch(request) {
            reading = read(request);
            return new Response('accepted', { status: 202 });
          },
        },
        async (server) => {
          const peer = new Peer(server.port);
          await peer.send(sizedHead + 'a'.repeat(300));
          await peer.until((text) => text.endsWith('accepted'));
          await expect(reading).rejects.toMatchObject({ name: 'HttpError', status: 408 });
          await peer.untilClosed();
        },
      );
    });
  });

  test('nobody had begun to read: it is dropped, and reading says so', () => {
    const seen: string[] = [];
    return withServer(
      {
        fetch(request) {
          late = request;
          return new Response('done');
        },
      },
      async (server) => {
        const peer = new Peer(server.port);
        await peer.send(sizedHead + 'a'.repeat(300));
        await peer.until((text) => text.endsWith('done'));
        for (const read of [() => late.text(), () => late.body.read()]) {
          try {
            await read();
          } catch (error) {
            seen.push((error as Error).message);
          }
        }
        expect(seen).toEqual(
          Array(2).fill(
            'body was dropped: the response was sent before anybody had begun to read it',
          ),
        );
        peer.close();
      },
    );
  });
});

let late: Request;

test('bytes that come one by one are joined', () => {
  const pieces: number[] = [];
  let begin!: () => void;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  return withServer(
    {
      async fetch(request) {
        await begun;
        for (let piece; (piece = await request.body.read()) !== null;) pieces.push(piece.length);
        return new Response('read');
      },
    },
    async (server) => {
      const peer = new Peer(server.port);
      await peer.send(chunkedHead);
      await peer.sendBytewise('1\r\nx\r\n'.repeat(300));
      begin();
      await peer.send('0\r\n\r\n');
      await peer.until((text) => text.endsWith('read'));
      expect(pieces.reduce((sum, length) => sum + length, 0)).toBe(300);
      expect(pieces.length).toBeLessThanOrEqual(2);
      peer.close();
    },
  );
});

test('a body in chunks of one byte costs what its bytes cost', () =>
  withServer(
    {
      async fetch(request) {
        return new Response(String((await request.text()).length));
      },
    },
    async (server) => {
      const peer = new Peer(server.port);
      await peer.send(chunkedHead);
      collectGarbage();
      const before = process.memoryUsage().heapUsed;
      const chunks = '1\r\nx\r\n'.repeat(10_000);
      for (let n = 0; n < 100; n++) await peer.send(chunks);
      collectGarbage();
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(20e6);
      await peer.send('0\r\n\r\n');
      await peer.until((text) => text.endsWith('1000000'));
      peer.close();
    },
  ));

test('a reader that waits gets pieces of its own, which nobody writes into again', () => {
  const pieces: Uint8Array[] = [];
  return withServer(
    {
      async fetch(request) {
        for (let piece; (piece = await request.body.read()) !== null;) pieces.push(piece);
        return new Response('read');
      },
    },
    async (server) => {
      const peer = new Peer(server.port);
      await peer.send(chunkedHead);
      const loop = getRunningLoop();
      for (let n = 0; n < 20; n++) {
        await peer.send(`5\r\n${String(n).padStart(5, '.')}\r\n`);
        const deadline = loop.time() + 5;
        while (pieces.length <= n && loop.time() < deadline) await sleep(0);
      }
      await peer.send('0\r\n\r\n');
      await peer.until((text) => text.endsWith('read'));
      expect(Buffer.concat(pieces).toString()).toBe(
        Array.from({ length: 20 }, (_, n) => String(n).padStart(5, '.')).join(''),
      );
      // None of them is a view that keeps a whole chunk of received bytes alive.
      for (const piece of pieces) expect(piece.buffer.byteLength).toBe(piece.length);
      peer.close();
    },
  );
});

test('a request that waits takes its head along when its chunk is used up', () => {
  let go!: () => void;
  const gate = new Promise<void>((resolve) => (go = resolve));
  return withServer(
    {
      async fetch(request) {
        if (request.path === '/upload') return new Response(String((await request.bytes()).length));
        const before = request.path === '/asked' ? [...request.headers] : null;
        await gate;
        if (before !== null) expect([...request.headers]).toEqual(before);
        return Response.json([
          request.method,
          request.target,
          request.url,
          request.headers.get('x-name'),
          [...request.headers],
          request.httpVersion,
          request.query.get('q'),
        ]);
      },
    },
    async (server) => {
      const waiting = ['/asked', '/not-asked?q=1', '/long'].map((target) => {
        const peer = new Peer(server.port);
        const more =
          target === '/long'
            ? Array.from({ length: 100 }, (_, n) => `X-${n}: ${'v'.repeat(n)}\r\n`).join('')
            : '';
        const method = target === '/long' ? 'PROPFIND' : 'GET';
        void peer.send(
          `${method} ${target} HTTP/1.1\r\nHost: a\r\nX-Name: N \r\nX-Name: \xe4\r\n` +
            `${more}\r\n${target === '/asked' ? 'GET /queued HTTP/1.1\r\nHost: b\r\n\r\n' : ''}`,
        );
        return { peer, target, method };
      });
      const post = { method: 'POST' };
      for (let n = 0; n < 5; n++) {
        expect((await ask(server, '/upload', post, Buffer.alloc(300_000))).text).toBe('300000');
      }
      go();
      for (const { peer, target, method } of waiting) {
        const text = await peer.until(
          (received) =>
            /\]$/.test(received) && (target !== '/asked' || received.includes('/queued')),
        );
        const json = text.split('\r\n\r\n')[1]!.replace(/HTTP\/1.1 200[^]*/, '');
        const first = JSON.parse(Buffer.from(json, 'latin1').toString('utf8'));
        expect(first.slice(0, 4)).toEqual([method, target, `http://a${target}`, 'N, \xe4']);
        expect(first[4].slice(0, 3)).toEqual([
          ['host', 'a'],
          ['x-name', 'N'],
          ['x-name', '\xe4'],
        ]);
        expect(first[4].length).toBe(target === '/long' ? 103 : 3);
        if (target === '/long') expect(first[4][102]).toEqual(['x-99', 'v'.repeat(99)]);
        if (target === '/asked') expect(text).toContain('["GET","/queued","http://b/queued",null');
        expect(first.slice(5)).toEqual(['1.1', target.includes('q=') ? '1' : null]);
        peer.close();
      }
    },
  );
});

test('arrayBuffer, blob, query', () =>
  withServer(
    {
      async fetch(request) {
        if (request.path === '/blob') {
          const blob = await request.blob();
          return Response.json([blob.type, blob.size, await blob.text()]);
        }
        const buffer = await request.arrayBuffer();
        return Response.json([
          buffer.byteLength,
          Buffer.from(buffer).toString(),
          [...request.query],
          request.bodyUsed,
        ]);
      },
    },
    async (server) => {
      const post = { method: 'POST', headers: { 'content-type': 'text/x' } };
      expect(JSON.parse((await ask(server, '/buffer?a=1&a=%20b&c', post, 'bytes')).text)).toEqual([
        5,
        'bytes',
        [
          ['a', '1'],
          ['a', ' b'],
          ['c', ''],
        ],
        true,
      ]);
      expect(JSON.parse((await ask(server, '/blob', post, 'bytes')).text)).toEqual([
        'text/x',
        5,
        'bytes',
      ]);
    },
  ));

describe('formData', () => {
  const parse = async (request: Request): Promise<Response> => {
    const form = await request.formData();
    const all: unknown[] = [];
    for (const [name, value] of form) {
      if (typeof value === 'string') all.push([name, value]);
      else all.push([name, [value.name, value.type, await value.text()]]);
    }
    return Response.json(all);
  };

  test('urlencoded and multipart, in both lanes', () =>
    withServer(
      {
        routes: {
          '/async': parse,
          *'/generator'(request) {
            const form = yield* request.formData();
            return Response.json([...form.keys()]);
          },
        },
      },
      async (server) => {
        const query = new URLSearchParams([
          ['a', '1'],
          ['a', 'ü'],
          ['b', ''],
        ]);
        const url = `${server.url}async`;
        expect(await (await fetch(url, { method: 'POST', body: query })).json()).toEqual([
          ['a', '1'],
          ['a', 'ü'],
          ['b', ''],
        ]);
        const form = new FormData();
        form.append('field', 'value');
        form.append('file', new File(['content'], 'name.txt', { type: 'text/plain' }));
        expect(await (await fetch(url, { method: 'POST', body: form })).json()).toEqual([
          ['field', 'value'],
          ['file', ['name.txt', 'text/plain', 'content']],
        ]);
        expect(
          await (await fetch(`${server.url}generator`, { method: 'POST', body: form })).json(),
        ).toEqual(['field', 'file']);
      },
    ));

  test('what is no form is a 415, a broken one a 400', () =>
    withServer({ fetch: parse }, async (server) => {
      const send = (type: string, body: string): ReturnType<typeof ask> =>
        ask(server, '/', { method: 'POST', headers: { 'content-type': type } }, body);
      expect((await send('text/plain', 'a=1')).status).toBe(415);
      expect((await send('multipart/form-data', 'no boundary')).status).toBe(400);
      expect((await send('multipart/form-data; boundary=x', '--x\r\nbroken')).status).toBe(400);
    }));
});

test('an HttpError of a body is an answer also when it comes late', () =>
  withServer(
    {
      maxBodySize: 100,
      async fetch(request) {
        await sleep(0.01);
        return new Response(await request.text());
      },
    },
    async (server) => {
      const answer = await conversation(server.port, sizedHead + 'x'.repeat(1000));
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(new HttpError(413).message).toBe('Content Too Large');
    },
  ));

describe('a body that should be JSON and is not', () => {
  const lanes: Record<string, (request: Request) => any> = {
    'function*': function* (request: Request) {
      return Response.json(yield* request.json());
    },
    async: async (request) => Response.json(await request.json()),
  };
  test.each(Object.entries(lanes))('is a 400, %s', async (_lane, fetch) => {
    const failures: unknown[] = [];
    const error = (failure: unknown): Response => {
      failures.push(failure);
      return new Response('failed', { status: 500 });
    };
    await withServer({ fetch, error }, async (server) => {
      const reports: unknown[] = [];
      getRunningLoop().setExceptionHandler((_loop, context) => reports.push(context));
      for (const body of ['', '{', 'undefined', '{"a":1}x']) {
        const answer = await ask(server, '/', { method: 'POST' }, body);
        expect([answer.status, answer.text]).toEqual([400, 'Bad Request']);
      }
      expect((await ask(server, '/', { method: 'POST' }, '{"a":1}')).text).toBe('{"a":1}');
      expect([failures, reports]).toEqual([[], []]);
    });
  });

  test('is a SyntaxError for a handler that catches it', () =>
    withServer(
      {
        async fetch(request) {
          try {
            await request.json();
          } catch (error) {
            const { name, message } = error as Error;
            return new Response(`${error instanceof SyntaxError} ${name} ${message !== ''}`);
          }
          return new Response('no error');
        },
      },
      async (server) => {
        const answer = await ask(server, '/', { method: 'POST' }, '{');
        expect([answer.status, answer.text]).toEqual([200, 'true SyntaxError true']);
      },
    ));

  test('is a failure when the handler reads JSON of its own', () =>
    withServer(
      { fetch: async () => JSON.parse('{'), error: () => new Response('own') },
      async (server) => expect((await ask(server, '/')).text).toBe('own'),
    ));
});

test('an async generator that is sent knows its task, loop and context variables throughout', () => {
  const user = new ContextVar<string>('user');
  async function* body(): AsyncGenerator<string> {
    const task = currentTask();
    for (let n = 0; n < 3; n++) {
      yield `${user.get()} ${currentTask() === task && task !== null}\n`;
      await sleep(0);
      getRunningLoop();
      user.set(`user ${n + 1}`);
      await Promise.resolve();
    }
  }
  user.set('user 0');
  return withServer({ fetch: () => new Response(body()) }, async (server) => {
    const expected = 'user 0 true\nuser 1 true\nuser 2 true\n';
    expect((await ask(server, '/')).text).toBe(expected);
    expect((await ask(server, '/')).text).toBe(expected);
    expect(user.get()).toBe('user 0');
  });
});

async function aTurnLater({ path }: { path: string }): Promise<Response> {
  await new Promise(setImmediate);
  return new Response(`<${path}>`);
}

test('a body that was sent without waiting for 100 does not end the connection when nobody reads it', () =>
  withServer({ fetch: aTurnLater }, async (server) => {
    const peer = new Peer(server.port);
    const expect100 = 'Host: h\r\nExpect: 100-continue\r\n';
    await peer.send(
      `POST /1 HTTP/1.1\r\n${expect100}Content-Length: 2\r\n\r\nhi` +
        `GET /2 HTTP/1.1\r\n${expect100}\r\nGET /3 HTTP/1.1\r\nHost: h\r\n\r\n`,
    );
    const text = await peer.until((so_far) => so_far.includes('</3>'));
    expect(text.match(/<.*?>/g)).toEqual(['</1>', '</2>', '</3>']);
    expect(text).not.toMatch(/connection: close/i);
    peer.close();
  }));
