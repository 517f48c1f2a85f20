// Options that a client does not have, values that an option cannot have, URLs, hosts and bodies
// that cannot be sent: refused before anything is sent, and never passed over.
import { inspect } from 'node:util';

import { run, TimeoutError } from 'oxbow';
import {
  ClientSession,
  ClientTimeout,
  ConnectionTimeoutError,
  InvalidURL,
  NonHttpUrlError,
  ServerTimeoutError,
  SocketTimeoutError,
} from 'oxbow/http';
import type { RequestOptions } from 'oxbow/http';
import { withNode } from './client-support.ts';

const failure = (awaitable: PromiseLike<unknown>): Promise<any> =>
  Promise.resolve(awaitable).then(
    () => undefined,
    (error) => error,
  );

/** Runs `body` beside a server that must not be asked. */
const unasked = (body: (session: ClientSession, url: string) => Promise<void>): Promise<void> => {
  let asked = 0;
  return withNode(
    (_request, response) => {
      asked += 1;
      response.end();
    },
    async (url) => {
      const session = new ClientSession({ baseUrl: url });
      await body(session, url);
      await session.close();
      expect(asked).toBe(0);
    },
  );
};

const UNKNOWN = ['ssl', 'proxies', 'auht', 'socketPath', 'cookie', 'trust_env', 'verify', 'agent'];

test('options of a session', () =>
  run(async () => {
    for (const name of [...UNKNOWN, 'baseURL', 'base_url', 'keepAlive', 'maxHeaders']) {
      expect(() => new ClientSession({ [name]: true } as never)).toThrow(
        `ClientSession: there is no option '${name}'`,
      );
    }
    const wrong: Array<[options: object, kind: any, message: RegExp]> = [
      [{ raiseForStatus: 1 }, TypeError, /raiseForStatus must be true, false or a function/],
      [{ proxy: true }, TypeError, /proxy must be a URL, an object of options or null/],
      [{ proxy: 'socks5://host:1' }, NonHttpUrlError, /only http: and https:/],
      [{ proxy: { url: 'http://h', user: 'x' } }, TypeError, /proxy: there is no option 'user'/],
      [{ proxy: {} }, TypeError, /proxy: url is missing/],
      [
        { proxy: { url: 'http://a:b@h', auth: { username: 'c', password: 'd' } } },
        TypeError,
        /only once who we are/,
      ],
      [{ proxy: { url: 'http://h', headers: { host: 'x' } } }, TypeError, /host is ours to say/],
      [{ proxy: 'http://h', unix: '/s' }, TypeError, /proxy and unix cannot be/],
      [{ unix: '' }, RangeError, /unix: path is empty/],
      [{ unix: 5 }, TypeError, /unix: path must be a string/],
      [{ skipAutoHeaders: 'accept' }, TypeError, /skipAutoHeaders must be an array/],
      [{ skipAutoHeaders: ['host'] }, TypeError, /skipAutoHeaders may have accept, .*, not host/],
      [{ trustEnv: 1 }, TypeError, /trustEnv must be true or false/],
      [{ resolver: {} }, TypeError, /resolver must have resolve/],
      [{ auth: 'me:secret' }, TypeError, /auth: options must be an object/],
      [{ auth: { username: 'me' } }, TypeError, /password must be a string, not undefined/],
      [{ auth: { username: 'm:e', password: '' } }, TypeError, /no colon/],
      [{ cookies: 'a=1' }, TypeError, /cookies must be an object or pairs/],
      [{ cookies: { 'a b': '1' } }, TypeError, /invalid cookie name/],
      [{ cookies: { a: '1; b=2' } }, TypeError, /value of cookie a/],
      [{ cookieJar: {} }, TypeError, /cookieJar must be a CookieJar or null/],
      [{ middlewares: {} }, TypeError, /middlewares must be an array/],
      [{ middlewares: [1] }, TypeError, /a middleware must be a function/],
      [{ autoDecompress: 'no' }, TypeError, /autoDecompress must be true or false/],
      [{ limit: '5' }, TypeError, /^limit must be a number/],
      [{ limit: 1.5 }, RangeError, /^limit must be an integer of 0 or more/],
      [{ limitPerHost: -1 }, RangeError, /^limitPerHost/],
      [{ keepAliveTimeout: -1 }, RangeError, /^keepAliveTimeout must be 0 or more/],
      [{ keepAliveTimeout: 'soon' }, TypeError, /keepAliveTimeout/],
      [{ maxDecodedSize: -1 }, RangeError, /^maxDecodedSize/],
      [{ timeout: -1 }, RangeError, /^timeout.total must be 0 \(no limit\) or more/],
      [
        { timeout: { totl: 1 } },
        TypeError,
        /ClientTimeout: there is no option 'totl'; did you mean/,
      ],
      [{ timeout: { connect: NaN } }, RangeError, /timeout.connect/],
      [{ timeout: [] }, TypeError, /./],
      [{ limits: { lines: 1 } }, TypeError, /limits: there is no option 'lines'/],
      [{ limits: { headers: 0 } }, RangeError, /^limits.headers/],
      [{ limits: null }, TypeError, /limits: options must be an object/],
      [{ headers: 5 }, TypeError, /headers must be/],
      [{ baseUrl: 'nonsense' }, InvalidURL, /not a valid URL: nonsense/],
      [{ baseUrl: 5 }, TypeError, /baseUrl must be a string or a URL/],
      [{ baseUrl: 'ftp://host/' }, NonHttpUrlError, /only http: and https:/],
    ];
    for (const [options, kind, message] of wrong) {
      expect(() => new ClientSession(options as never)).toThrow(message);
      expect(() => new ClientSession(options as never)).toThrow(kind);
    }
    expect(() => new ClientSession(null as never)).toThrow(TypeError);
    expect(() => new ClientTimeout({ sockread: 1 } as never)).toThrow(/did you mean 'sockRead'/);
    expect(new ClientTimeout({ total: 0, sockRead: Infinity })).toMatchObject({
      total: null,
      sockRead: null,
    });
    await new ClientSession({ maxDecodedSize: Infinity, keepAliveTimeout: 0 }).close();
  }));

test('options of a request', () =>
  unasked(async (session) => {
    for (const name of [...UNKNOWN, 'allow_redirects', 'method', 'query', 'form']) {
      const error = await failure(session.get('/', { [name]: false } as never));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(`request(): there is no option '${name}'`);
    }
    for (const [options, kind, message] of [
      [{ raiseForStatus: 'yes' }, TypeError, /raiseForStatus must be true, false or a function/],
      [{ allowRedirects: 1 }, TypeError, /allowRedirects must be true or false/],
      [{ redirect: 'none' }, TypeError, /redirect must be 'follow', 'manual' or 'error'/],
      [{ maxRedirects: -1 }, RangeError, /^maxRedirects/],
      [{ signal: 5 }, TypeError, /signal: .* is not an AbortSignal/],
      [{ timeout: '5' }, TypeError, /timeout.total/],
      [{ body: 'a', data: 'b' }, TypeError, /give either body or data/],
      [{ json: undefined, body: Symbol('s') }, TypeError, /body must be/],
      [{ json: () => {} }, TypeError, /json cannot be written/],
    ] as const) {
      const error = await failure(session.get('/', options as never));
      expect(error).toBeInstanceOf(kind);
      expect(error.message).toMatch(message);
    }
    expect(await failure(session.get('/', null as never))).toBeInstanceOf(TypeError);
    expect(await failure(session.get('/', 5 as never))).toBeInstanceOf(TypeError);
    expect(await failure(session.head('/', { ssl: true } as never))).toBeInstanceOf(TypeError);
    expect(await failure(session.request('CONNECT', '/'))).toBeInstanceOf(TypeError);
  }));

test('URLs', () =>
  unasked(async (session, url) => {
    for (const target of [
      'http://',
      'http://a b/',
      'http://h:99999/',
      'http://[::1',
      'http://%zz/',
      '//',
      'http://a%zz:b@h/',
      'http://a:%e0%a4%a@h/',
      'http://%ff@h/',
    ]) {
      const error = await failure(session.get(target));
      expect(error).toBeInstanceOf(InvalidURL);
      expect(error).not.toBeInstanceOf(NonHttpUrlError);
    }
    for (const target of ['wss://h/', 'ftp://h/', 'ws://h/', 'file:///etc/passwd', 'data:,x']) {
      expect(await failure(session.get(target))).toBeInstanceOf(NonHttpUrlError);
    }
    for (const target of [undefined, null, 5, {}, ['/'], { toString: () => url }]) {
      const error = await failure(session.get(target as never));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(/^url must be a string or a URL/);
    }
    // Errors end up in logs.
    const error = await failure(session.get('wss://me:secret@host/'));
    expect(inspect(error)).not.toContain('secret');
    expect(error.url).toBe('wss://***@host/');
  }));

test('one Host, and one that is a host', () =>
  withNode(
    (request, response) => {
      response.end(
        String(
          request.rawHeaders.filter(
            (_, n, all) => n % 2 === 1 && all[n - 1]!.toLowerCase() === 'host',
          ),
        ),
      );
    },
    async (url) => {
      const session = new ClientSession({ baseUrl: url });
      const host = async (value: unknown): Promise<string> =>
        (await session.get('/', { headers: value as never })).text();
      expect(await host({})).toBe(new URL(url).host);
      for (const good of ['example.com', 'example.com:80', '[::1]:8080', '127.0.0.1', 'a_b.c']) {
        expect(await host({ Host: good })).toBe(good);
      }
      for (const bad of ['a:b', '[::1', '%zz', 'a b', 'a/b', 'u@h', 'a:99999', '', '[::g]']) {
        expect(await failure(host({ host: bad }))).toBeInstanceOf(TypeError);
      }
      for (const two of [
        [
          ['host', 'a'],
          ['Host', 'b'],
        ],
        { host: ['a', 'a'] },
      ]) {
        expect((await failure(host(two))).message).toBe('headers: host may stand there only once');
      }
      const named = new ClientSession({ baseUrl: url, headers: { host: 'session' } });
      expect(await (await named.get('/', { headers: { Host: 'own' } })).text()).toBe('own');
      await named.close();
      await session.close();
    },
  ));

test('params and forms: what has no text is refused', () =>
  withNode(
    (request, response) => {
      request.setEncoding('utf8').once('data', (body) => response.end(body));
      if (request.method === 'GET') response.end(request.url);
    },
    async (url) => {
      const session = new ClientSession({ baseUrl: url });
      const bad = [undefined, null, NaN, Infinity, {}, () => {}, Symbol('s'), [null], [[1]]];
      for (const value of bad) {
        for (const options of [{ params: { a: value } }, { params: [['a', value]] }]) {
          const error = await failure(session.get('/', options as never));
          expect(error).toBeInstanceOf(TypeError);
          expect(error.message).toMatch(/^params: a must be a string, a number or a boolean/);
        }
        expect(await failure(session.post('/', { body: { a: value } } as never))).toBeInstanceOf(
          TypeError,
        );
      }
      for (const params of [5, true, null, [1], ['ab'], [['a']], new Date()]) {
        const given = params instanceof Date ? [params] : params;
        expect(await failure(session.get('/', { params: given } as never))).toBeInstanceOf(
          TypeError,
        );
      }
      const get = async (params: any): Promise<string> =>
        (await session.get('/', { params })).text();
      expect(await get({ a: 1, b: [true, 'x y'], c: 10n ** 20n })).toBe(
        '/?a=1&b=true&b=x+y&c=100000000000000000000',
      );
      expect(
        await get(
          new Map<string, any>([
            ['a', 1],
            ['b', 'ü'],
          ]),
        ),
      ).toBe('/?a=1&b=%C3%BC');
      expect(await get(new URLSearchParams('a=1&a=2'))).toBe('/?a=1&a=2');
      expect(await get('a=1&b=2')).toBe('/?a=1&b=2');
      const form = Object.assign(Object.create(null) as object, { a: [1, 2], b: 'c d' });
      expect(await (await session.post('/', { body: form as never })).text()).toBe('a=1&a=2&b=c+d');
      await session.close();
    },
  ));

test('bodies that nothing is known of are refused at once', () =>
  unasked(async (session) => {
    for (const body of [
      new Map([['a', 1]]),
      new Set(['a']),
      ['a'],
      5,
      true,
      new Date(),
      new (class Own {
        a = 1;
      })(),
      () => {},
    ]) {
      expect(await failure(session.post('/', { body: body as never }))).toBeInstanceOf(TypeError);
      expect(await failure(session.post('/', { data: body as never }))).toBeInstanceOf(TypeError);
    }
  }));

test('a Blob keeps type and length, views are bytes', () =>
  withNode(
    (request, response) => {
      const { 'content-type': type, 'content-length': length } = request.headers;
      request.on('data', (data) => response.write(data));
      request.on('end', () => response.end(`|${type}|${length}`));
    },
    async (url) => {
      const session = new ClientSession({ baseUrl: url });
      const sent = async (body: any): Promise<string> => (await session.post('/', { body })).text();
      expect(await sent(new Blob(['hi'], { type: 'text/x' }))).toBe('hi|text/x|2');
      expect(await sent(new Blob(['hi']))).toBe('hi|application/octet-stream|2');
      const bytes = Buffer.from('.abc.');
      const view = new DataView(bytes.buffer, bytes.byteOffset + 1, 3);
      expect(await sent(view)).toBe('abc|application/octet-stream|3');
      expect(await sent(new Uint16Array([0x6261]))).toBe('ab|application/octet-stream|2');
      await session.close();
    },
  ));

test('the time limits are TimeoutErrors', () => {
  for (const Kind of [ServerTimeoutError, ConnectionTimeoutError, SocketTimeoutError]) {
    const error = new Kind('late');
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toBeInstanceOf(ServerTimeoutError);
    expect(error.code).toBe('ETIMEDOUT');
  }
  expect(new TimeoutError()).toBeInstanceOf(TimeoutError);
  class Own extends TimeoutError {}
  expect(new ServerTimeoutError('late') instanceof Own).toBe(false);
  expect(new Own() instanceof TimeoutError).toBe(true);
  for (const other of [new Error('x'), null, undefined, 5, {}, new InvalidURL('u', 'm')]) {
    expect((other as unknown) instanceof TimeoutError).toBe(false);
  }
});

test('skipAutoHeaders: what is not said of itself', () =>
  withNode(
    (request, response) => response.end(Object.keys(request.headers).sort().join(' ')),
    async (url) => {
      await using session = new ClientSession({ skipAutoHeaders: ['User-Agent'] });
      const names = async (options: RequestOptions): Promise<string> =>
        await (await session.post(url, { body: Buffer.from('x'), ...options })).text();
      expect(await names({})).toBe('accept accept-encoding content-length content-type host');
      expect(await names({ skipAutoHeaders: ['accept', 'content-type'] })).toBe(
        'accept-encoding content-length host',
      );
      const headers = { 'user-agent': 'me', accept: 'x' };
      expect(await names({ skipAutoHeaders: ['accept'], headers })).toBe(
        'accept accept-encoding content-length content-type host user-agent',
      );
    },
  ));
