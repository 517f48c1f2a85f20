// Cookies of a client: the jar by itself, and sessions with it.
import { run } from 'oxbow';
import { ClientSession, CookieJar, DummyCookieJar } from 'oxbow/http';

import { besideNode, withNode } from './client-support.ts';

const names = (jar: CookieJar, url: string): string[] => [...jar.filterCookies(url).keys()];

test('who may set a cookie, and who gets it', () => {
  const jar = new CookieJar();
  expect(jar.setCookie('sid=1; Path=/; HttpOnly', 'https://www.example.org/login')).toBe(true);
  expect(jar.setCookie('all=2; Domain=example.org', 'https://www.example.org/a/b')).toBe(true);
  expect(jar.setCookie('safe=3; Secure', 'https://www.example.org/')).toBe(true);
  // Nobody owns these, and this one is somebody else.
  expect(jar.setCookie('a=1; Domain=org', 'https://www.example.org/')).toBe(false);
  expect(jar.setCookie('a=1; Domain=co.uk', 'https://www.example.co.uk/')).toBe(false);
  expect(jar.setCookie('a=1; Domain=other.org', 'https://www.example.org/')).toBe(false);
  expect(jar.setCookie('__Host-a=1; Path=/', 'https://www.example.org/')).toBe(false);
  expect(jar.setCookie('=;', 'https://www.example.org/')).toBe(false);

  expect(names(jar, 'https://www.example.org/')).toEqual(['sid', 'safe']);
  expect(names(jar, 'https://www.example.org/a/c')).toEqual(['all', 'sid', 'safe']);
  expect(names(jar, 'http://www.example.org/a/')).toEqual(['all', 'sid']);
  expect(names(jar, 'https://sub.example.org/a/')).toEqual(['all']);
  expect(names(jar, 'https://example.org/a/')).toEqual(['all']);
  expect(names(jar, 'https://notexample.org/a/')).toEqual([]);
  expect([...jar].find(({ name }) => name === 'sid')).toEqual({
    name: 'sid',
    value: '1',
    domain: 'www.example.org',
    path: '/',
    hostOnly: true,
    secure: false,
    httpOnly: true,
    sameSite: null,
    expires: null,
  });

  // Set again, and taken away.
  jar.setCookie('sid=9; Path=/', 'https://www.example.org/');
  expect(jar.filterCookies('https://www.example.org/').get('sid')).toBe('9');
  jar.setCookie('sid=; Path=/; Max-Age=0', 'https://www.example.org/');
  expect(names(jar, 'https://www.example.org/')).toEqual(['safe']);

  jar.updateCookies({ mine: 'x' }, 'https://b.test/some/where');
  expect(names(jar, 'https://b.test/')).toEqual(['mine']);
  const copy = CookieJar.fromJSON(JSON.stringify(jar));
  expect([...copy]).toEqual([...jar]);
  expect(copy.size).toBe(3);
  copy.clearDomain('example.org');
  expect([...copy].map(({ name }) => name)).toEqual(['mine']);
  jar.clear(({ secure }) => secure);
  expect([...jar].map(({ name }) => name).sort()).toEqual(['all', 'mine']);
  jar.clear();
  expect(jar.size).toBe(0);
  for (const wrong of [5, null, {}, { cookies: 1 }]) {
    expect(() => CookieJar.fromJSON(wrong)).toThrow(TypeError);
  }
});

test('addresses have no cookies unless it is unsafe; a dummy keeps none', () => {
  const safe = new CookieJar();
  const unsafe = new CookieJar({ unsafe: true });
  for (const url of ['http://127.0.0.1/', 'http://[::1]/', 'http://2130706433/']) {
    expect(safe.setCookie('a=1', url)).toBe(false);
    expect(unsafe.setCookie('a=1', url)).toBe(true);
    expect(names(unsafe, url)).toEqual(['a']);
  }
  const dummy = new DummyCookieJar();
  expect(dummy.setCookie('a=1', 'http://a.test/')).toBe(false);
  dummy.updateCookies({ a: '1' }, 'http://a.test/');
  expect(dummy.size).toBe(0);
});

test('what a server can make us keep is bounded', () => {
  const jar = new CookieJar();
  const name = 'n'.repeat(100);
  expect(jar.setCookie(`${name}=${'v'.repeat(3996)}`, 'http://a.test/')).toBe(true);
  expect(jar.setCookie(`${name}=${'v'.repeat(3997)}`, 'http://a.test/')).toBe(false);
  expect(jar.setCookie(`a=1; Path=/${'p'.repeat(1024)}`, 'http://a.test/')).toBe(false);
  jar.clear();
  for (let at = 0; at < 500; at++) {
    jar.setCookie(`c${at}=1`, 'http://a.test/');
    // Paths of their own, and over at once: nothing of them may stay.
    jar.setCookie(`gone=1; Path=/${at}; Max-Age=0`, 'http://gone.test/');
  }
  const kept = names(jar, 'http://a.test/');
  expect(kept.length).toBe(180);
  expect(kept).toContain('c499');
  expect(kept).not.toContain('c319');
  expect(jar.size).toBeLessThanOrEqual(360);
  for (let at = 0; at < 3500; at++) {
    jar.setCookie('c=1', `http://d${at}.test/`);
    if (at === 0 || at === 2500) jar.setCookie('used=1', 'http://used.test/');
  }
  expect(jar.size).toBe(3000);
  expect(names(jar, 'http://d3499.test/')).toEqual(['c']);
  expect(names(jar, 'http://a.test/')).toEqual([]);
  // It was there before all others, and set again now and then.
  expect(names(jar, 'http://used.test/')).toEqual(['used']);
}, 20_000);

test('a session keeps cookies, also those of redirections, and sends them back', () =>
  withNode(
    (request, response) => {
      if (request.url === '/set') {
        response.writeHead(302, { location: '/show', 'set-cookie': ['a=1', 'b=2; Path=/other'] });
        response.end();
      } else response.end(request.headers.cookie ?? '');
    },
    async (url) => {
      const cookieJar = new CookieJar({ unsafe: true });
      const session = new ClientSession({ baseUrl: url, cookieJar, cookies: { own: 's' } });
      const text = async (path: string, options = {}): Promise<string> =>
        await (await session.get(path, options)).text();
      expect(await text('/show')).toBe('own=s');
      expect(await text('/set')).toBe('own=s; a=1');
      expect(await text('/other')).toBe('own=s; b=2; a=1');
      // What is nearest to the request counts.
      expect(await text('/show', { cookies: { a: '9', c: '3' } })).toBe('a=9; c=3; own=s');
      expect(await text('/show', { headers: { cookie: 'a=8' } })).toBe('a=8; own=s');
      expect(session.cookieJar).toBe(cookieJar);
      await session.close();
      // A jar that is shared.
      await using other = new ClientSession({ cookieJar });
      expect(await (await other.get(`${url}show`)).text()).toBe('a=1');
      await using none = new ClientSession({ cookieJar: null });
      expect(await (await none.get(`${url}set`)).text()).toBe('');
    },
  ));

test('cookies and auth of the program go to their origin only', () =>
  withNode(
    (request, response) => {
      const { cookie = '-', authorization = '-' } = request.headers;
      response.end(`${cookie} ${authorization}`);
    },
    (other) =>
      besideNode(
        (request, response) => {
          if (request.url !== '/away') {
            const { cookie = '-', authorization = '-' } = request.headers;
            response.end(`${cookie} ${authorization}`);
            return;
          }
          response.writeHead(302, { location: other }).end();
        },
        async (url) => {
          const auth = { username: 'me', password: 'gehäim' };
          const said = `Basic ${Buffer.from('me:gehäim').toString('base64')}`;
          const show = async (session: ClientSession, to: string, options = {}): Promise<string> =>
            await (await session.get(to, options)).text();
          await using based = new ClientSession({ baseUrl: url, auth, cookies: { a: '1' } });
          expect(await show(based, '/here')).toBe(`a=1 ${said}`);
          expect(await show(based, other)).toBe('- -');
          expect(await show(based, '/away')).toBe('- -');
          await using free = new ClientSession({ auth, cookies: { a: '1' } });
          expect(await show(free, other)).toBe(`a=1 ${said}`);
          expect(await show(free, `${url}away`)).toBe('- -');
          const own = { auth: { username: 'you', password: 'x' }, cookies: { b: '2' } };
          expect(await show(free, url, own)).toBe('b=2; a=1 Basic eW91Ong=');
          expect(await show(free, `${url}away`, own)).toBe('- -');
          const twice = { ...own, headers: { authorization: 'Basic x' } };
          await expect(free.get(url, twice)).rejects.toThrow(/both auth and the headers/);
          const inUrl = url.replace('//', '//a:b@');
          await expect(free.get(inUrl, own)).rejects.toThrow(/both auth and the URL/);
        },
      ),
  ));

test('a jar costs nothing until there is a cookie', () =>
  run(async () => {
    const session = new ClientSession();
    expect(session.cookieJar!.size).toBe(0);
    expect(String(session.cookieJar)).toBe('<CookieJar 0 cookies>');
    await session.close();
  }));
