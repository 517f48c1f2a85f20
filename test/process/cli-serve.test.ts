// `oxbow serve FILE`.
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

import { authority, serverCertificate } from '../support/certificates.ts';
import { oxbow, programs } from './cli-child.ts';

const folder = programs('cli-serve');
afterAll(() => folder.remove());

const write = (file: string, what: string): string =>
  folder.write(file, "import { Response } from 'oxbow/http';", `export default ${what};`);

function ask(url: string, options: https.RequestOptions = {}): Promise<string> {
  const { get } = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    get(url, { agent: false, ...options }, (response) => {
      let text = '';
      response.on('data', (piece) => (text += String(piece)));
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
}

/** Serves, asks once when it listens, and ends it by a signal. */
async function served(
  args: string[],
  requests: (url: string, pid: number) => Promise<void>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let asked: Promise<void> | null = null;
  const ended = await oxbow(['serve', ...args], {
    react: (pid, stdout) => {
      const url = /serving .* on (\S+)\n/.exec(stdout)?.[1];
      if (url === undefined || asked !== null) return;
      asked = requests(url, pid).finally(() => process.kill(pid, 'SIGTERM'));
    },
  });
  expect(asked).not.toBeNull();
  await asked;
  return ended;
}

test.each([
  ['a function', "() => new Response('hello')"],
  ['options', "{ routes: { '/': new Response('hello') } }"],
  [
    'an application of some class',
    'new (class { fetch() { return this.answer(); } answer() { return new globalThis.Response("hello"); } })()',
  ],
])('serves %s', async (_, what) => {
  const ended = await served(['--port', '0', write('app.mjs', what)], async (url) => {
    expect(await ask(url)).toBe('hello');
  });
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
});

test('--workers, reloaded and ended', async () => {
  const file = folder.write(
    'workers.mjs',
    "import { threadId } from 'node:worker_threads';",
    "import { Response } from 'oxbow/http';",
    'export const port = 0;',
    'export const fetch = () => new Response(String(threadId));',
  );
  const ended = await served(['--workers', '1', file], async (url, pid) => {
    const first = await ask(url);
    expect(Number(first)).toBeGreaterThan(0);
    process.kill(pid, 'SIGHUP');
    while ((await ask(url)) === first);
  });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
});

test('--tls', async () => {
  const root = await authority('root');
  const { chain, key } = await serverCertificate(root);
  const [cert, keyFile] = [`${folder.folder}/cert.pem`, `${folder.folder}/key.pem`];
  const file = write('tls.mjs', "() => new Response('secret')");
  writeFileSync(cert, chain);
  writeFileSync(keyFile, key);
  const args = ['--port', '0', '--tls', `${cert},${keyFile}`, file];
  const ended = await served(args, async (url) => {
    expect(url).toMatch(/^https:/);
    expect(await ask(url, { ca: root.cert, servername: 'localhost' })).toBe('secret');
  });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
});

const hello = (): string => write('hello.mjs', "() => new Response('hello')");
test.each<[string, string[], number, RegExp]>([
  ['no file', [], 2, /no FILE was given/],
  ['two files', ['a.mjs', 'b.mjs'], 2, /one FILE, not 2/],
  ['a file that there is not', ['nothing.mjs'], 2, /there is no file/],
  ['an unknown option', ['--prot', '80', 'a.mjs'], 2, /--prot/],
  ['a wrong port', ['--port', '70000', 'a.mjs'], 2, /--port must be a number from 0 to 65535/],
  ['wrong workers', ['--workers', 'all', 'a.mjs'], 2, /--workers must be a number from 1/],
  ['half of --tls', ['--tls', ',key.pem', 'a.mjs'], 2, /--tls must be CERT,KEY, not ',key.pem'/],
])('a wrong command line: %s', async (_, args, code, message) => {
  const ended = await oxbow(['serve', ...args]);
  expect(ended.stderr).toMatch(message);
  expect(ended.code).toBe(code);
});

test('what cannot be served', async () => {
  const nothing = await oxbow(['serve', write('nothing.mjs', '5')]);
  expect(nothing).toMatchObject({ code: 1, stderr: expect.stringMatching(/has nothing to serve/) });
  const taken = await oxbow(['serve', '--hostname', '192.0.2.1', '--port', '1', hello()]);
  expect(taken).toMatchObject({ code: 1, stderr: expect.stringMatching(/EADDRNOTAVAIL/) });
  const broken = await oxbow(['serve', folder.write('broken.mjs', 'throw new Error("broken")')]);
  expect(broken).toMatchObject({ code: 1, stderr: expect.stringMatching(/Error: broken/) });
});
