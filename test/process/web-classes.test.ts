// WHATWG's classes are loaded late, and take our requests from the first time that a program uses
// them: each case is the first use of a process of its own.
import { spawnSync } from 'node:child_process';

/** One request to a handler, by a client that loads no class. Tells what was answered. */
const program = (handler: string): string => `
import net from 'node:net';
import { run } from 'oxbow';
import { Response as OurResponse, serve } from 'oxbow/http';
const LOADED = 'NativeModule internal/deps/undici/undici';
const loaded = () => process.moduleLoadList?.includes(LOADED) ?? true;
${handler}
await run(async () => {
  const server = await serve({ port: 0, hostname: '127.0.0.1', fetch: handler });
  const text = await new Promise((resolve) => {
    const socket = net.connect(server.port, '127.0.0.1');
    let all = '';
    socket.on('data', (piece) => (all += piece)).on('close', () => resolve(all));
    const target = process.argv[1] === 'absolute' ? server.url + 'target' : '/path?q=1';
    socket.write('POST ' + target + ' HTTP/1.1\\r\\nHost: a\\r\\nX-A: 1\\r\\nConnection: close\\r\\n' +
      'Content-Length: 4\\r\\n\\r\\nbody');
  });
  server.close();
  process.stdout.write(text);
});
`;

function answerOf(handler: string, ...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', program(handler), ...args],
    { encoding: 'utf8', cwd: process.cwd(), timeout: 60_000 },
  );
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

const described = `[made.method, made.url, made.headers.get('x-a'), await made.text()].join()`;

test.each([
  [
    'a Request made of one of ours in a Hono application',
    `import { Hono } from 'hono';
     const app = new Hono();
     app.all('*', async (c) => {
       const made = new Request(c.req.raw);
       return c.text(${described});
     });
     const handler = app.fetch;`,
  ],
  [
    'a Request made of one of ours after its URL was read',
    `const handler = async (request) => {
       const { url } = request;
       const made = new Request(url, request);
       return new OurResponse(${described});
     };`,
  ],
  [
    'a Request made of one of ours after instanceof',
    `const handler = async (request) => {
       if (!(request instanceof globalThis.Request)) return new OurResponse('no Request');
       const made = new globalThis.Request(request);
       return new OurResponse(${described});
     };`,
  ],
])('%s', (_name, handler) => {
  expect(answerOf(handler)).toMatch(/\r\n\r\nPOST,http:\/\/a\/path\?q=1,1,body$/);
});

test('fetch of one of ours, as the first thing of all', () => {
  const handler = `const handler = async (request) =>
    request.path === '/target' && request.headers.has('x-seen')
      ? new OurResponse('seen')
      : fetch(request, { headers: { 'x-seen': '1' } });`;
  expect(answerOf(handler, 'absolute')).toMatch(/\r\n\r\nseen$/);
});

test('Headers and a Response made of what is ours', () => {
  const handler = `const handler = (request) => {
    const headers = new Headers(request.headers);
    headers.delete('content-length');
    headers.set('x-all', [...headers.keys()].join());
    return new Response(request.body, { headers, status: 201 });
  };`;
  const answer = answerOf(handler);
  expect(answer).toMatch(/^HTTP\/1\.1 201 /);
  expect(answer).toMatch(/\r\nx-all: connection,host,x-a\r\n/);
  expect(answer).toMatch(/body(?:\r\n0\r\n\r\n)?$/);
});

test('what cannot be cloned says so, as of WHATWG', () => {
  const handler = `const handler = (request) => {
    try { structuredClone(request); } catch (error) { return new OurResponse(error.name); }
    return new OurResponse('cloned');
  };`;
  expect(answerOf(handler)).toMatch(/\r\n\r\nDataCloneError$/);
});

test('a program that does not speak with them does not load them', () => {
  const handler = `const handler = async (request) => {
    const seen = [request.method, request.path, String(request.query), request.headers.get('x-a')];
    return new OurResponse([...seen, await request.text(), loaded()].join());
  };`;
  const isNode = process.versions['bun'] === undefined;
  expect(answerOf(handler)).toMatch(new RegExp(`POST,/path,q=1,1,body,${!isNode}$`));
});
