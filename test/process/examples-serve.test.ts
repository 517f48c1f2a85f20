// The examples that serve: an API, and a chat, whose page two browsers have open.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createSubprocessExec, type Coro, promise, run } from 'oxbow';
import { ClientSession, connectWebSocket } from 'oxbow/http';

import { authority, serverCertificate } from '../support/certificates.ts';
import { descriptors, type Lack, testWith } from '../support/needs.ts';

const example = (name: string): string =>
  fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

/** Runs an example until the body is done; it says where it is, on the stream of this name. */
function beside(
  args: string[],
  says: 'stdout' | 'stderr',
  body: (url: string) => Coro<void>,
): Promise<void> {
  return run(function* () {
    const child = yield* createSubprocessExec(process.execPath, ...args, {
      stdout: says === 'stdout' ? 'pipe' : 'null',
      stderr: says === 'stderr' ? 'pipe' : 'inherit',
    });
    try {
      const line = String(yield* child[says]!.readline());
      yield* body(/https?:\S+/.exec(line)![0]);
      child.terminate();
      expect(yield* child.wait()).toBe(0);
    } finally {
      child.close();
    }
  });
}

test('api: notes, uploads, events, and what is refused', () =>
  beside([example('api.js'), '--port', '0'], 'stderr', function* (baseUrl) {
    const session = new ClientSession({ baseUrl });
    const health = yield* session.get('/health');
    expect([health.status, yield* health.text()]).toEqual([200, 'ok']);
    expect(health.headers.get('x-request-id')).not.toBeNull();
    const made = yield* session.post('/notes', { json: { text: 'buy milk' } });
    expect([made.status, yield* made.json()]).toEqual([201, { id: 1, text: 'buy milk' }]);
    expect(yield* (yield* session.get('/notes/1')).json()).toEqual({ id: 1, text: 'buy milk' });
    expect((yield* session.get('/notes/2')).status).toBe(404);
    expect((yield* session.post('/notes', { json: {} })).status).toBe(422);
    const form = new FormData();
    form.set('file', new File(['content'], 'a.txt'));
    expect((yield* session.post('/uploads', { body: form })).status).toBe(401);
    const headers = { authorization: 'Bearer ann' };
    const sent = yield* session.post('/uploads', { body: form, headers });
    expect(yield* sent.json()).toEqual({
      by: 'ann',
      files: [{ field: 'file', name: 'a.txt', bytes: 7 }],
    });
    const ticks = yield* (yield* session.get('/ticks')).text();
    expect(ticks.match(/event: tick/g)).toHaveLength(3);
    yield* session.close();
  }));

test('api: over TLS, with threads', async () => {
  const root = await authority('root');
  const { chain, key } = await serverCertificate(root);
  const folder = mkdtempSync(join(tmpdir(), 'ox-'));
  const files = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(files[0]!, chain);
  writeFileSync(files[1]!, key);
  const args = [example('api.js'), '--port', '0', '--workers', '2', '--tls', files.join()];
  try {
    await beside(args, 'stderr', function* (baseUrl) {
      expect(baseUrl).toMatch(/^https:/);
      const session = new ClientSession({
        baseUrl: baseUrl.replace(/127\.0\.0\.1|\[::1?\]|0\.0\.0\.0/, 'localhost'),
        tls: { ca: root.cert },
      });
      expect(yield* (yield* session.get('/health')).text()).toBe('ok');
      expect((yield* session.post('/uploads', { body: 'x' })).status).toBe(401);
      const ticks = yield* (yield* session.get('/ticks')).text();
      expect(ticks.match(/event: tick/g)).toHaveLength(3);
      yield* session.close();
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('chat: who is in the room hears what is said, and who comes and goes', () =>
  beside([example('chat/chat.js'), '0'], 'stdout', function* (url) {
    const join = (name: string) => connectWebSocket(`${url}room`, { params: { name } });
    const ann = yield* join('ann');
    expect(JSON.parse(String(yield* ann.receive()))).toEqual({ note: 'ann is here', here: 1 });
    const bob = yield* join('bob');
    for (const each of [ann, bob]) {
      expect(JSON.parse(String(yield* each.receive()))).toEqual({ note: 'bob is here', here: 2 });
    }
    ann.send('hello');
    for (const each of [ann, bob]) {
      const said = { name: 'ann', text: 'hello', here: 2 };
      expect(JSON.parse(String(yield* each.receive()))).toEqual(said);
    }
    yield* bob.close();
    expect(JSON.parse(String(yield* ann.receive()))).toMatchObject({ note: 'bob has left' });
    yield* ann.close();
  }));

/** A browser has hundreds of files open. */
const PROGRAM = '/usr/bin/chromium';
const browser: Lack =
  (existsSync(PROGRAM) ? undefined : 'this machine has no chromium') ?? descriptors(1024);

testWith(browser)(
  'chat: two pages of a browser talk',
  () =>
    beside([example('chat/chat.js'), '0'], 'stdout', function* (url) {
      const folder = mkdtempSync(join(tmpdir(), 'ox-'));
      try {
        const talking = (async () => {
          // Here, since it does not load where a user has no home.
          const { chromium } = await import('playwright-core');
          const context = await chromium.launchPersistentContext(folder, {
            timeout: 0,
            executablePath: PROGRAM,
            args: [
              '--headless',
              '--no-sandbox',
              '--disable-gpu',
              '--disable-quic',
              '--no-first-run',
              '--disable-background-networking',
              '--disable-component-update',
              '--disable-sync',
            ],
            env: { ...process.env, HOME: folder } as Record<string, string>,
          });
          context.setDefaultTimeout(0);
          try {
            const [ann, bob] = [await context.newPage(), await context.newPage()];
            for (const [page, name] of [
              [ann, 'ann'],
              [bob, 'bob'],
            ] as const) {
              await page.goto(url);
              await page.fill('#text', name);
              await page.click('button');
              await page.waitForSelector(`text=${name} is here`);
            }
            await ann.fill('#text', 'hello <b>bob</b>');
            await ann.press('#text', 'Enter');
            await bob.waitForSelector('.other:has-text("hello <b>bob</b>")');
            await bob.fill('#text', 'hello ann');
            await bob.press('#text', 'Enter');
            await ann.waitForSelector('.other:has-text("hello ann")');
            expect(await ann.textContent('#here')).toBe('2 are here');
          } finally {
            await context.close();
          }
        })();
        yield* promise(talking);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
  120_000,
);
