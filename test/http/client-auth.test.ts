// Digest authentication, with the examples of RFC 7616 and against a server that checks.
import { createHash } from 'node:crypto';
import type http from 'node:http';

import { ClientSession, digestAuth, encodeBasicAuth } from 'oxbow/http';
import { besideNode, withNode } from './client-support.ts';

const hashOf: Record<string, string> = {
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
};

function fields(header: string): Record<string, string> {
  return Object.fromEntries(
    [...header.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map(
      ([, name, quoted, bare]) => [name!, quoted ?? bare!],
    ),
  );
}

interface Asked {
  algorithm: string;
  qop: string | null;
  nonce: string;
}

/** Whether the answer is that of user `me` with `secret`. */
function isRight(request: http.IncomingMessage, body: string, { algorithm, qop }: Asked): boolean {
  const given = fields(request.headers.authorization ?? '');
  const name = algorithm.replace(/-sess$/, '');
  const h = (text: string): string => createHash(hashOf[name]!).update(text).digest('hex');
  let a1 = h('me:the realm:secret');
  if (algorithm.endsWith('-sess')) a1 = h(`${a1}:${given['nonce']}:${given['cnonce']}`);
  const a2 = h(
    `${request.method}:${request.url}` + (given['qop'] === 'auth-int' ? `:${h(body)}` : ''),
  );
  const wanted =
    qop === null
      ? h(`${a1}:${given['nonce']}:${a2}`)
      : h(`${a1}:${given['nonce']}:${given['nc']}:${given['cnonce']}:${given['qop']}:${a2}`);
  return given['uri'] === request.url && given['response'] === wanted;
}

/** A server that lets `me` in, and notes what it was sent. */
function guarded(asked: Asked, seen: string[], stale = { after: Infinity }): http.RequestListener {
  let uses = 0;
  return async (request, response) => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    const { authorization } = request.headers;
    const given = fields(authorization ?? '');
    seen.push(authorization === undefined ? 'nothing' : `nc=${given['nc']}`);
    const old = ++uses > stale.after;
    if (old) {
      stale.after = Infinity;
      asked.nonce = 'another';
    }
    if (given['nonce'] === asked.nonce && isRight(request, body, asked)) {
      response.end(`in: ${body}`);
      return;
    }
    const { algorithm, qop, nonce } = asked;
    response.setHeader('www-authenticate', [
      'Basic realm="the realm"',
      `Digest realm="the realm", nonce="${nonce}", algorithm=${algorithm}` +
        `${qop === null ? '' : `, qop="${qop}"`}${old ? ', stale=true' : ''}, opaque="o\\"p"`,
    ]);
    response.writeHead(401).end('who are you?');
  };
}

const me = { username: 'me', password: 'secret' };

test.each([
  ['MD5', null],
  ['MD5', 'auth'],
  ['MD5-sess', 'auth,auth-int'],
  ['SHA-256', 'auth'],
  ['SHA-256', 'auth-int'],
  ['SHA-256-sess', 'auth'],
  ['SHA-512-256', 'auth'],
])('%s, qop %s: asked once, then said before', (algorithm, qop) => {
  const seen: string[] = [];
  return withNode(guarded({ algorithm, qop, nonce: 'n/once' }, seen), async (url) => {
    await using session = new ClientSession({ middlewares: [digestAuth(me)] });
    const first = await session.post(`${url}a?b=c d`, { body: 'text' });
    expect([first.status, await first.text()]).toEqual([200, 'in: text']);
    const second = await session.get(`${url}a`);
    expect([second.status, await second.text()]).toEqual([200, 'in: ']);
    expect(seen).toEqual(
      qop === null
        ? ['nothing', 'nc=undefined', 'nc=undefined']
        : ['nothing', 'nc=00000001', 'nc=00000002'],
    );
  });
});

test('a wrong password is told once; a nonce that is over is asked for again', () => {
  const seen: string[] = [];
  const asked = { algorithm: 'SHA-256', qop: 'auth', nonce: 'one' };
  return withNode(guarded(asked, seen, { after: 3 }), async (url) => {
    const wrong = digestAuth({ ...me, password: 'guess' });
    await using other = new ClientSession({ middlewares: [wrong] });
    expect((await other.get(url)).status).toBe(401);
    expect(seen.splice(0)).toEqual(['nothing', 'nc=00000001']);
    await using session = new ClientSession({ middlewares: [digestAuth(me)] });
    expect((await session.get(url)).status).toBe(200);
    expect(seen.splice(0)).toEqual(['nothing', 'nc=00000001', 'nc=00000001']);
    // A stream of one use is gone when the question comes.
    const body = (async function* () {
      yield 'x';
    })();
    await using fresh = new ClientSession({ middlewares: [digestAuth(me)] });
    expect((await fresh.post(url, { body })).status).toBe(401);
    expect(seen).toEqual(['nothing']);
  });
});

test('auth-int alone, and a form: nothing is said that was not offered', () => {
  const seen: string[] = [];
  const asked = { algorithm: 'SHA-256', qop: 'auth-int', nonce: 'n' };
  return withNode(guarded(asked, seen), async (url) => {
    await using session = new ClientSession({ middlewares: [digestAuth(me)] });
    const body = new FormData();
    body.append('a', 'b');
    expect((await session.post(url, { body })).status).toBe(401);
    expect((await session.post(url, { body: 'text' })).status).toBe(200);
    expect((await session.post(url, { body })).status).toBe(401);
    expect(seen).toEqual(['nothing', 'nothing', 'nc=00000001', 'nothing']);
  });
});

test('Basic, as in RFC 7617', () => {
  expect(encodeBasicAuth('Aladdin', 'open sesame')).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
  expect(encodeBasicAuth('test', '123£')).toBe('Basic dGVzdDoxMjPCow==');
});

test('nobody else is answered', () => {
  const seen: string[] = [];
  const others: string[] = [];
  const asked = { algorithm: 'MD5', qop: 'auth', nonce: 'n' };
  return withNode(guarded(asked, others), (other) =>
    besideNode(
      (request, response) => {
        if (request.url === '/away') response.writeHead(302, { location: other }).end();
        else void guarded(asked, seen)(request, response as never);
      },
      async (url) => {
        await using session = new ClientSession({ middlewares: [digestAuth(me)] });
        expect((await session.get(url)).status).toBe(200);
        expect((await session.get(`${url}away`)).status).toBe(401);
        expect((await session.get(other)).status).toBe(401);
        expect(others).toEqual(['nothing', 'nothing']);
        // A question about one folder says nothing of the others.
        await using named = new ClientSession({
          middlewares: [digestAuth({ ...me, origin: other })],
        });
        expect((await named.get(url)).status).toBe(401);
      },
    ),
  );
});

test('challenges as servers write them', () => {
  let challenge = '';
  return withNode(
    (request, response) => {
      const { authorization } = request.headers;
      if (authorization !== undefined) response.end(authorization);
      else response.writeHead(401, { 'www-authenticate': challenge }).end('');
    },
    async (url) => {
      await using session = new ClientSession();
      const answer = async (header: string): Promise<string> => {
        challenge = header;
        const middlewares = [digestAuth({ username: 'm"e', password: 'x' })];
        const told = await (await session.get(`${url}p`, { middlewares })).text();
        return told.replace(/response="\w{32}"/, 'R').replace(/response="\w{64}"/, 'R64');
      };
      const start = (realm: string, nonce: string): string =>
        `Digest username="m\\"e", realm="${realm}", nonce="${nonce}", uri="/p"`;
      expect(await answer('Digest realm="a, b=c", nonce="n"')).toBe(`${start('a, b=c', 'n')}, R`);
      expect(await answer('Basic realm="x", DIGEST realm=r,nonce=n , opaque="o"')).toBe(
        `${start('r', 'n')}, R, opaque="o"`,
      );
      // The strongest that we know.
      expect(
        await answer(
          'Digest realm=a, nonce=1, algorithm=MD5, Digest realm=b, nonce=2, algorithm=sha-256, ' +
            'Digest realm=c, nonce=3, algorithm=SHA3',
        ),
      ).toBe(`${start('b', '2')}, R64, algorithm=sha-256`);
      expect(await answer('Digest realm=r, nonce=n, userhash=true')).toMatch(
        /^Digest username="[0-9a-f]{32}", .*, userhash=true$/,
      );
      for (const header of [
        'Digest',
        'Digest realm=r',
        'Digest realm=r, nonce=n, qop="conf"',
        'Digest realm=r, nonce=n, algorithm=none',
        'Basic a=',
      ]) {
        expect(await answer(header)).toBe('');
      }
      expect(await answer(`${'Digest '.repeat(900)}realm=r, nonce=n`)).toMatch(/^Digest /);
    },
  );
});

test.each([
  [{ username: 'me' }, /password must be a string/],
  [{ ...me, realm: 'x' }, /there is no option 'realm'/],
  [{ ...me, origin: 'nonsense' }, /not a valid URL/],
])('digestAuth(%j)', (options, message) => {
  expect(() => digestAuth(options as never)).toThrow(message);
});
