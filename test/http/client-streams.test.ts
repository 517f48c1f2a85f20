// Lines and events of a response, and what they bound.
import { createTask, runSync } from 'oxbow';
import { ClientPayloadError, ClientSession, ContentTypeError, Response, serve } from 'oxbow/http';
import type { ClientResponse } from 'oxbow/http';

import { withNode } from './client-support.ts';

/** A server that sends these pieces, each by itself. */
function pieces(given: (string | Buffer)[], type: string, body: (session: ClientSession) => any) {
  return withNode(
    (_request, response) => {
      response.setHeader('content-type', type);
      const next = (at: number): void => {
        if (at === given.length) response.end();
        else response.write(given[at]!, () => setImmediate(next, at + 1));
      };
      next(0);
    },
    async (url) => {
      await using session = new ClientSession({ baseUrl: url });
      await body(session);
    },
  );
}

async function lines(response: ClientResponse, options = {}): Promise<string[]> {
  const all: string[] = [];
  for await (const line of response.readLines(options)) all.push(line);
  return all;
}

test('lines, however they come', async () => {
  const text = 'one\r\ntwo\n\nthr\u00fc\u20ac\r\nlone \r stays\nlast';
  const expected = ['one', 'two', '', 'thr\u00fc\u20ac', 'lone \r stays', 'last'];
  const bytes = Buffer.from(text);
  const singles = [...bytes].map((byte) => Buffer.from([byte]));
  for (const given of [[text], singles, [bytes.subarray(0, 4), bytes.subarray(4)]]) {
    await pieces(given, 'text/plain', async (session) => {
      expect(await lines(await session.get('/'))).toEqual(expected);
      await createTask(function* () {
        const read = (yield* session.get('/')).readLines();
        const all: (string | null)[] = [];
        for (let line; (line = yield* read.read()) !== null;) all.push(line);
        expect(all).toEqual(expected);
        expect(yield* read.read()).toBe(null);
      });
    });
  }
  await pieces(['\n\n'], 'text/plain', async (session) => {
    expect(await lines(await session.get('/'))).toEqual(['', '']);
  });
  const latin1 = Buffer.from('gr\u00fcn\n', 'latin1');
  await pieces([latin1], 'text/plain; charset=latin1', async (session) => {
    expect(await lines(await session.get('/'))).toEqual(['gr\u00fcn']);
  });
});

test('a line that is too long and was received with the one before fails as any read does', () =>
  pieces([`short\n${'a'.repeat(2000)}\nend\n`], 'text/plain', async (session) => {
    const read = (await session.get('/')).readLines({ limit: 1999 });
    expect(await read.read()).toBe('short');
    const failing = read.read();
    await expect(failing).rejects.toBeInstanceOf(ClientPayloadError);
  }));

test('a line is bounded, a cancelled read loses nothing, and a body is read once', () =>
  pieces(['a'.repeat(1000), 'b'.repeat(1000), '\nend\n'], 'text/plain', async (session) => {
    const long = await session.get('/');
    await expect(lines(long, { limit: 1999 })).rejects.toBeInstanceOf(ClientPayloadError);
    const first = await lines(await session.get('/'), { limit: 2000 });
    expect(first.map((line) => line.length)).toEqual([2000, 3]);
    const response = await session.get('/');
    const read = response.readLines();
    const given = read.read();
    given.cancel();
    await expect(given).rejects.toMatchObject({ name: 'CancelledError' });
    expect((await read.read())!.length).toBe(2000);
    expect(() => response.readLines()).toThrow(/already been read/);
    expect(() => response.readLines({ limit: 0 })).toThrow(/^limit must be an integer from 1/);
    expect(() => response.sse()).toThrow(ContentTypeError);
    response.release();
  }));

async function events(session: ClientSession, options = {}): Promise<string[]> {
  const all: string[] = [];
  const stream = (await session.get('/')).sse(options);
  for await (const { event, data, id } of stream) all.push(`${event}|${data}|${id}`);
  return all.concat(`${stream.retry}`);
}

test("events, as WHATWG's examples have them", async () => {
  const cases: [string, string[]][] = [
    ['data: YHOO\ndata: +2\ndata: 10\n\n', ['message|YHOO\n+2\n10|', 'null']],
    [
      ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n',
      ['message|first event|1', 'message|second event|', 'message| third event|', 'null'],
    ],
    ['data\n\ndata\ndata\n\ndata:', ['message||', 'message|\n|', 'null']],
    ['data:test\r\rdata: test\r\n\r\n', ['message|test|', 'message|test|', 'null']],
    [
      '\uFEFFevent: add\nretry: 1500\ndata: 1\nid: a\0b\n\nevent: x\n\ndata: 2\nretry: soon\n\n',
      ['add|1|', 'message|2|', '1.5'],
    ],
    ['data: cut off', ['null']],
  ];
  for (const [text, expected] of cases) {
    const singles = [...Buffer.from(text)].map((byte) => Buffer.from([byte]));
    for (const given of [[text], singles]) {
      await pieces(given, 'text/event-stream; charset=utf-8', async (session) => {
        expect(await events(session)).toEqual(expected);
      });
    }
  }
});

test('an event is bounded, as a line and as a whole', async () => {
  await pieces([`data: ${'x'.repeat(50)}\n\n`], 'text/event-stream', async (session) => {
    await expect(events(session, { limit: 55 })).rejects.toThrow(/line has more than 55 bytes/);
    expect((await events(session, { limit: 56 })).length).toBe(2);
  });
  await pieces(['data: 1234\n'.repeat(11), '\n'], 'text/event-stream', async (session) => {
    await expect(events(session, { limit: 100 })).rejects.toThrow(/event has more than 100 bytes/);
    expect((await events(session, { limit: 110 })).length).toBe(2);
  });
});

test('also on a loop that owns the thread', () => {
  const all = runSync(function* () {
    const server = yield* serve({ fetch: () => new Response('a\nb') });
    const session = new ClientSession({ baseUrl: server.url });
    const read = (yield* session.get('/')).readLines();
    const found = [yield* read.read(), yield* read.read(), yield* read.read()];
    yield* session.close();
    yield* server.shutdown({ timeout: 1 });
    return found;
  });
  expect(all).toEqual(['a', 'b', null]);
});
