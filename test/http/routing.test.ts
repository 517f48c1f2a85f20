// Routes: which of them takes a path, what it hands to its handler, and what is refused where.
import { Response, group, serve, url } from 'oxbow/http';
import type { Middleware, Request, Routes } from 'oxbow/http';
import { run } from 'oxbow';
import { ask, Peer, withServer } from './serve-support.ts';

const says =
  (name: string) =>
  (request: Request): Response =>
    Response.json([name, request.params]);

/** What answers a path: the name of the route and its parameters. */
async function answers(routes: Routes, cases: Record<string, unknown>): Promise<void> {
  await withServer({ routes }, async (server) => {
    for (const [what, expected] of Object.entries(cases)) {
      const [method, path] = what.split(' ') as [string, string];
      // By hand: a client would tidy the path up.
      const peer = new Peer(server.port);
      await peer.send(`${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      const answer = await peer.untilClosed();
      const status = Number(answer.slice(9, 12));
      const body = Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4), 'latin1').toString();
      const got = status === 200 ? JSON.parse(body) : status;
      expect([what, got]).toEqual([what, expected]);
    }
  });
}

test('parameters, regexes and rests; text goes before them, in this order', () =>
  answers(
    {
      '/users/:id': says('param'),
      '/users/:id(\\d+)': says('digits'),
      '/users/me': says('text'),
      '/users/*rest': says('rest'),
      '/users/:id/files/:name': says('two'),
      '/files/*': says('star'),
      '/': says('root'),
    },
    {
      'GET /users/me': ['text', {}],
      'GET /users/42': ['digits', { id: '42' }],
      'GET /users/42a': ['param', { id: '42a' }],
      'GET /users/mee': ['param', { id: 'mee' }],
      'GET /users/': ['rest', { rest: '' }],
      'GET /users/a/b': ['rest', { rest: 'a/b' }],
      'GET /users/7/files/x.txt?a=/b': ['two', { id: '7', name: 'x.txt' }],
      'GET /users/7/files/x/': ['rest', { rest: '7/files/x/' }],
      'GET /users/7/files/': ['rest', { rest: '7/files/' }],
      'GET /users//files/x': ['rest', { rest: '/files/x' }],
      'GET /files/a//b': ['star', { '*': 'a//b' }],
      'GET /files': 404,
      'GET /users': 404,
      'GET /': ['root', {}],
      'GET //': 404,
    },
  ));

test('a way that leads nowhere is left for the next one', () =>
  answers(
    {
      '/a/b/c': says('text'),
      '/a/:x/d': says('inner'),
      '/:y/b/:z': says('outer'),
      '/:y/b/:z/e': { POST: says('post') },
      '/a/be': says('longer'),
    },
    {
      'GET /a/b/c': ['text', {}],
      'GET /a/b/d': ['inner', { x: 'b' }],
      'GET /a/b/x': ['outer', { y: 'a', z: 'x' }],
      'GET /a/be': ['longer', {}],
      'GET /a/bef': 404,
      'POST /a/b/c/e': ['post', { y: 'a', z: 'c' }],
    },
  ));

test('a trailing slash makes another path', () =>
  answers(
    { '/a': says('without'), '/b/': says('with'), '/c/:id': says('param') },
    {
      'GET /a': ['without', {}],
      'GET /a/': 404,
      'GET /b/': ['with', {}],
      'GET /b': 404,
      'GET /c/1/': 404,
    },
  ));

test('escapes: equal paths are equal, a slash that is one separates nothing, broken ones are 400', () =>
  answers(
    {
      '/caf%c3%a9/%7Eme': says('text'),
      '/users/:id': says('param'),
      '/files/*rest': says('rest'),
      "/a:b/it's,(x)": says('marks'),
    },
    {
      'GET /caf%C3%A9/~me': ['text', {}],
      'GET /%63af%c3%A9/%7eme': ['text', {}],
      'GET /users/a%2Fb': ['param', { id: 'a/b' }],
      'GET /users/a%2fb': ['param', { id: 'a/b' }],
      'GET /users%2Fb': 404,
      'GET /%75sers/%C3%BC+%20': ['param', { id: 'ü+ ' }],
      'GET /users/%2e%2e': ['param', { id: '..' }],
      'GET /files/%C3%BC/a%25': ['rest', { rest: 'ü/a%' }],
      'GET /a%3Ab/it%27s%2c%28x%29': ['marks', {}],
      'GET /users/%': 400,
      'GET /users/%zz': 400,
      'GET /users/%E4': 400,
      'GET /nowhere/%ff': 400,
    },
  ));

test('methods: HEAD of GET, 405 with Allow, OPTIONS, and who does not take the method is passed by', () =>
  withServer(
    {
      routes: {
        '/users/me': { GET: says('me') },
        '/users/:id': { DELETE: says('delete'), GET: says('get') },
        '/all': says('all'),
        '/own': { OPTIONS: new Response('own'), POST: says('post') },
      },
    },
    async (server) => {
      const get = async (method: string, path: string): Promise<unknown[]> => {
        const { status, headers, text } = await ask(server, path, { method });
        return [status, headers.allow, text];
      };
      expect(await get('HEAD', '/users/me')).toEqual([200, undefined, '']);
      expect(await get('DELETE', '/users/me')).toEqual([200, undefined, '["delete",{"id":"me"}]']);
      expect(await get('PUT', '/users/me')).toEqual([
        405,
        'GET, HEAD, DELETE',
        'Method Not Allowed',
      ]);
      expect(await get('PUT', '/users/7')).toEqual([
        405,
        'DELETE, GET, HEAD',
        'Method Not Allowed',
      ]);
      expect(await get('OPTIONS', '/users/7')).toEqual([204, 'DELETE, GET, HEAD', '']);
      expect(await get('OPTIONS', '/own')).toEqual([200, undefined, 'own']);
      expect((await get('OPTIONS', '/all'))[2]).toBe('["all",{}]');
      expect((await get('OPTIONS', '/none'))[0]).toBe(404);
      const peer = new Peer(server.port);
      await peer.send('OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      expect(await peer.untilClosed()).toMatch(/^HTTP\/1.1 204 /);
    },
  ));

const CONFLICTS: Array<[name: string, routes: object, both: string[]]> = [
  ['names differ', { '/a/:x': says(''), '/a/:y': says('') }, ['/a/:x', '/a/:y']],
  ['escapes differ', { '/~a': says(''), '/%7Ea': says('') }, ['/~a', '/%7Ea']],
  ['rests', { '/a/*': says(''), '/a/*rest': says('') }, ['/a/*', '/a/*rest']],
  [
    'one method',
    { '/a/:x': { GET: says('') }, '/a/:y': { GET: says(''), POST: says('') } },
    ['/a/:x', '/a/:y'],
  ],
  ['one and all', { '/a/:x': { GET: says('') }, '/a/:y': says('') }, ['/a/:x', '/a/:y']],
  [
    'a group',
    { '/g/a': says(''), '/g': group({ routes: { '/a': says('') } }) },
    ['/g/a is declared twice', ''],
  ],
];

test.each(CONFLICTS)('a conflict is an error when it is declared: %s', (_name, routes, both) =>
  run(async () => {
    for (const path of both) expect(() => serve({ routes } as never)).toThrow(path);
    expect(() => serve({ routes } as never)).toThrow(TypeError);
  }),
);

test('patterns that take different methods are no conflict', () =>
  answers(
    { '/a/:x': { GET: says('x') }, '/a/:y': { POST: says('y') } },
    { 'GET /a/1': ['x', { x: '1' }], 'POST /a/1': ['y', { y: '1' }] },
  ));

test.each([
  ['/a/:', /'' is no name/],
  ['/a/:1', /'1' is no name/],
  ['/a/:__proto__', /no name/],
  ['/a/:id.json', /whole segment/],
  ['/a/:id(\\d+', /parenthesis/],
  ['/a/:id(\\d+)x', /nothing may follow/],
  ['/a/:id([)', /parenthesis|regex/],
  ['/a/:id(*)', /regex of :id/],
  ['/a/*rest/b', /come last/],
  ['/:a/:a', /two parameters are called 'a'/],
  ['/a*', /whole segment/],
  ['/{id}', /whole segment/],
  ['/%zz', /broken/],
])('a route %s is refused', (path, message) =>
  run(async () => {
    expect(() => serve({ routes: { [path]: says('') } })).toThrow(message);
    expect(() => serve({ routes: { [path]: says('') } })).toThrow(TypeError);
  }),
);

test('a regex may have slashes and parentheses, and sees decoded values', () =>
  answers(
    { '/a/:x([^/()]+(?:é|e))/:y((?:a|b){2})': says('x') },
    { 'GET /a/caf%C3%A9/ab': ['x', { x: 'café', y: 'ab' }], 'GET /a/caf/ab': 404 },
  ));

test('groups: prefixes add up, their own middleware, spread or mounted, and a fetch of their own', () => {
  const noted: string[] = [];
  const note =
    (name: string): Middleware =>
    (request, next) => {
      noted.push(`${name} ${request.path}`);
      return next();
    };
  const inner = group('/v1', {
    middleware: [note('inner')],
    routes: { '/': says('index'), '/users/:id': { GET: says('user') } },
  });
  return withServer(
    {
      middleware: [note('all')],
      routes: {
        '/': says('root'),
        '/api': group({ middleware: [note('api')], routes: { '/x': inner, '/': says('api') } }),
        ...group('/sub/', {
          middleware: [note('sub')],
          fetch: (request) => says('fetch')(request),
          routes: { '/known': new Response('["known",{}]') },
        }),
      },
      fetch: () => new Response('["none",{}]'),
    },
    async (server) => {
      const cases: Array<[string, unknown, string[]]> = [
        ['/', ['root', {}], ['all']],
        ['/api', ['api', {}], ['all', 'api']],
        ['/api/x/v1', ['index', {}], ['all', 'api', 'inner']],
        ['/api/x/v1/users/5', ['user', { id: '5' }], ['all', 'api', 'inner']],
        ['/sub/known', ['known', {}], ['all', 'sub']],
        ['/sub/else/where', ['fetch', { '*': 'else/where' }], ['all', 'sub']],
        ['/sub', ['fetch', {}], ['all', 'sub']],
        ['/api/none', ['none', {}], ['all']],
      ];
      for (const [path, expected, names] of cases) {
        noted.length = 0;
        expect([path, JSON.parse((await ask(server, path)).text)]).toEqual([path, expected]);
        expect(noted).toEqual(names.map((name) => `${name} ${path}`));
      }
      noted.length = 0;
      expect(await ask(server, '/api/x/v1/users/5', { method: 'PUT' })).toMatchObject({
        status: 405,
        headers: { allow: 'GET, HEAD' },
      });
      expect(noted.map((name) => name.split(' ')[0])).toEqual(['all', 'api', 'inner']);
      expect(server.routes).toContain('GET /api/x/v1/users/:id');
      expect(server.routes).toContain('* /sub/*');
    },
  );
});

test('url builds paths', () =>
  withServer({ routes: { '/users/:id(\\d+)/*rest': says('x') } }, async (server) => {
    expect(url('/users/:id', { id: 'a/b ü' })).toBe('/users/a%2Fb%20%C3%BC');
    expect(url('/:a/x/*rest', { a: 1, rest: 'b c/d' }, { q: 'ü' })).toBe('/1/x/b%20c/d?q=%C3%BC');
    expect(url('/plain')).toBe('/plain');
    expect(() => url('/users/:id', {} as never)).toThrow("'id' must be a string or a number");
    expect(() => url('/users/:id', { id: '' })).toThrow("'' is no value for 'id'");
    expect(() => url('/users/:id(\\d+)', { id: 'x' })).toThrow("'x' is no value for 'id'");
    expect(() => url('/users/:id', { id: 1, other: 2 } as never)).toThrow("no parameter 'other'");
    expect(server.urlFor('/users/:id(\\d+)/*rest', { id: 7, rest: 'a' })).toBe(
      `${server.url}users/7/a`,
    );
    expect(() => server.urlFor('/users/:id', { id: 7 })).toThrow('no route is declared');
  }));

test('parameters are of the request, also where another has come and its bytes have moved', async () => {
  let begin!: () => void;
  let goOn!: () => void;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
  const routes: Routes = {
    '/wait/:one/:two/:three': async (request) => {
      begin();
      await mayGoOn;
      expect(request.params).toBe(request.params);
      return Response.json([request.path, request.params]);
    },
    '/at-once/:one': says('one'),
    '/more/:two': async (request) => {
      await request.bytes();
      return Response.json(request.params);
    },
  };
  await withServer({ routes }, async (server) => {
    const waiting = new Peer(server.port);
    // Another that waits behind it is looked for when its head has moved, too.
    await waiting.send(
      'GET /wait/a/b/c?/x/y/z HTTP/1.1\r\nHost: x\r\n\r\n' +
        'GET /at-once/d?%41 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    await begun;
    // More than the chunk that they were received into has room for.
    const other = new Peer(server.port);
    await other.send('POST /more/e HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    await other.send(`f4240\r\n${'x'.repeat(1_000_000)}\r\n0\r\n\r\n`);
    expect(await other.until((text) => text.includes('}'))).toContain('{"two":"e"}');
    goOn();
    const answer = await waiting.untilClosed();
    expect(answer).toContain('["/wait/a/b/c",{"one":"a","two":"b","three":"c"}]');
    expect(answer).toContain('["one",{"one":"d"}]');
  });
});

test('how long a look-up takes does not hang on the number of routes', async () => {
  // Counted, not timed: regexes are the only step of a look-up that user code can count.
  let looks = 0;
  const counted = Object.fromEntries(
    Array.from({ length: 1000 }, (_, i) => [`/r${i}/:id/x/:other`, says(String(i))]),
  );
  const test = RegExp.prototype.test;
  await withServer({ routes: { ...counted, '/r/:a(\\w+)': says('regex') } }, async (server) => {
    RegExp.prototype.test = function (text: string): boolean {
      if (this.source.startsWith('^(?:')) looks += 1;
      return test.call(this, text);
    };
    try {
      expect((await ask(server, '/r999/1/x/2')).text).toBe('["999",{"id":"1","other":"2"}]');
      expect((await ask(server, '/r/abc')).text).toBe('["regex",{"a":"abc"}]');
    } finally {
      RegExp.prototype.test = test;
    }
    expect(looks).toBe(1);
  });
});
