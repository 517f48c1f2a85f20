// What a response says in headers that have a form of their own; what makes JSON of a value.
import http from 'node:http';

import { ClientSession } from 'oxbow/http';
import type { ClientResponse } from 'oxbow/http';
import { withNode } from './client-support.ts';

function answering(
  headers: http.OutgoingHttpHeaders,
  body: (response: ClientResponse) => void,
): Promise<void> {
  return withNode(
    (_request, response) => {
      response.writeHead(200, headers);
      response.end();
    },
    async (url) => {
      await using session = new ClientSession({ baseUrl: url });
      body(await session.get('/list?page=1'));
    },
  );
}

test('cookies', () =>
  answering(
    { 'set-cookie': ['a=1; Path=/; HttpOnly', 'b="x=y"', 'none', '=nothing', 'a=2'] },
    ({ cookies }) =>
      expect([...cookies]).toEqual([
        ['a', '2'],
        ['b', '"x=y"'],
      ]),
  ).then(() => answering({}, ({ cookies }) => expect(cookies.size).toBe(0))));

test.each([
  ['<?page=2>; rel=next', { next: '/list?page=2' }],
  [
    '</a>; rel="prev first", <https://b.example/c,d>; rel="NEXT"; title="x, y; z"',
    {
      prev: '/a',
      first: '/a',
      next: 'https://b.example/c,d',
    },
  ],
  ['</a>; rel=next, </b>; rel=next', { next: '/a' }],
  ['</a>; title="no relation", <http://[>; rel=broken, </b> ; Rel = last', { last: '/b' }],
  ['nonsense; rel=next', {}],
  ['</a>;;rel=x', { x: '/a' }],
  ['', {}],
])('links: %s', (link, expected) =>
  answering({ link }, (response) => {
    const { origin } = new URL(response.url);
    const found = [...response.links].map(([rel, { url }]) => [rel, url.replace(origin, '')]);
    expect(Object.fromEntries(found)).toEqual(expected);
  }),
);

test('links: parameters, several fields, and how many', () =>
  answering(
    {
      link: ['</a>; rel=a; title="say \\"hi\\""', "</b>; rel=b; title*=UTF-8''%e2%82%ac; title=x"],
    },
    (response) => {
      expect(response.links.get('a')!.params['title']).toBe('say "hi"');
      expect(response.links.get('b')!.params['title']).toBe('\u20ac');
      expect(response.links.get('b')!.params['__proto__']).toBeUndefined();
    },
  ).then(() =>
    answering({ link: Array.from({ length: 400 }, (_, n) => `<>;rel=r${n}`).join() }, (response) =>
      expect(response.links.size).toBe(256),
    ),
  ));

test.each([
  ['attachment; filename="a b.txt"', 'attachment', 'a b.txt'],
  ['ATTACHMENT;filename=plain.txt', 'attachment', 'plain.txt'],
  ['inline', 'inline', null],
  ["attachment; filename=x; filename*=UTF-8''%e2%82%ac%20rates", 'attachment', '\u20ac rates'],
  ["attachment; filename*=iso-8859-1'en'%A3; filename=x", 'attachment', '\u00a3'],
  ["attachment; filename*=utf-7''x; filename=y", 'attachment', 'y'],
  ['attachment; filename="../../etc/passwd"', 'attachment', '../../etc/passwd'],
  ['attachment; filename="a\\"b\\\\c"', 'attachment', 'a"b\\c'],
  ['attachment; filename="gr\u00c3\u00bcn"', 'attachment', 'gr\u00fcn'],
  ['attachment; filename="open', 'attachment', ''],
])('content-disposition: %s', (header, type, filename) =>
  answering({ 'content-disposition': header }, ({ contentDisposition }) => {
    expect([contentDisposition!.type, contentDisposition!.filename]).toEqual([type, filename]);
  }),
);

test('no content-disposition, and one that is none', async () => {
  await answering({}, ({ contentDisposition }) => expect(contentDisposition).toBe(null));
  await answering({ 'content-disposition': '; filename=x' }, ({ contentDisposition }) =>
    expect(contentDisposition).toBe(null),
  );
});

test('jsonSerialize', () =>
  withNode(
    (request, response) => request.pipe(response),
    async (url) => {
      const post = async (jsonSerialize: any, json: unknown): Promise<string> => {
        await using session = new ClientSession({ jsonSerialize });
        return (await session.post(url, { json })).text();
      };
      expect(await post(undefined, { a: 1 })).toBe('{"a":1}');
      const big = (value: any): string => JSON.stringify({ a: String(value.a) });
      expect(await post(big, { a: 5n })).toBe('{"a":"5"}');
      expect(await post(() => Buffer.from('[]'), 1)).toBe('[]');
      await expect(post(() => 5, 1)).rejects.toThrow(/cannot be written as JSON/);
      await expect(post(5, 1)).rejects.toThrow(/jsonSerialize must be a function/);
    },
  ));
