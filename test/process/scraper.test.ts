// The main job as a user runs it: in a process of its own, on a pipe instead of a terminal.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { answerTo, PAGES } from '../../examples/scraper/site.ts';
import { linksOf } from '../../examples/scraper/links.ts';
import { authority, serverCertificate } from '../support/certificates.ts';

const program = fileURLToPath(new URL('../../examples/scraper.js', import.meta.url));

interface Outcome {
  code: number | null;
  out: string;
  err: string;
}

/** @param onOutput - is given everything printed so far, and the means to send a signal */
function scrape(
  args: string[],
  onOutput?: (out: string, kill: (signal: NodeJS.Signals) => void) => void,
  environment: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    const child = spawn(process.execPath, [program, ...args], { env });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
      onOutput?.(out, (signal) => child.kill(signal));
    });
    child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

test('the embedded site is crawled twice, with the same result', async () => {
  // With the default of 1.5 s, pages that do answer are lost on a machine that is overloaded.
  const { code, out, err } = await scrape(['--timeout', '5']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^pages {4}2929 read, 129 failed, 3058 found$/m);
  for (const error of ['HTTP 500: 65', 'HTTP 404: 60', 'timeout: 3', 'too many redirects: 1']) {
    expect(out).toContain(`error    ${error}\n`);
  }
  expect(out.match(/^slowest /gm)).toHaveLength(5);
  const [, ours, theirs] = /^Oxbow +(\d+) .*\nNode's http +(\d+) /m.exec(out)!;
  expect([ours, theirs]).toEqual(['3058', '3058']);
}, 120_000);

test('the limit bounds the crawl', async () => {
  const { code, out } = await scrape(['--limit', '40', '--concurrency=4']);
  expect(code).toBe(0);
  expect(out).toMatch(/, 40 found$/m);
});

test('Ctrl-C stops with the summary so far', async () => {
  let sent = false;
  const { code, out, err } = await scrape([], (text, kill) => {
    if (sent || !text.includes('  500 of ')) return;
    sent = true;
    kill('SIGINT');
  });
  expect({ code, err }).toEqual({ code: 130, err: '' });
  expect(out).toMatch(/Stopped. So far:\npages {4}\d+ read, /);
  expect(out).not.toContain("Node's http");
});

test('a site of somebody else: only its own pages, and what goes wrong by kind', async () => {
  const pages: Record<string, string> = {
    '/': '<a href="/a">a</a> <a href=b#top>b</a> <a href="http://example.invalid/">out</a>',
    '/a': '<A class=x HREF="/">home</A> <a href="/gone">gone</a> <a href="mailto:x@y">m</a>',
    '/b': 'nothing',
  };
  const seen: string[] = [];
  const server = http.createServer((request, response) => {
    seen.push(request.url!);
    const page = pages[request.url!];
    response.writeHead(page === undefined ? 404 : 200).end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { code, out } = await scrape([`http://127.0.0.1:${port}/`]);
  server.close();
  expect(code).toBe(0);
  expect(seen.sort()).toEqual(['/', '/a', '/b', '/gone']);
  expect(out).toMatch(/^pages {4}3 read, 1 failed, 4 found$/m);
  expect(out).toContain('HTTP 404: 1');
  expect(out).not.toContain("Node's http");
});

test('a site that has moved to https', async () => {
  const root = await authority('root');
  const { chain, key } = await serverCertificate(root);
  const folder = mkdtempSync(join(tmpdir(), 'oxbow-scraper-'));
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, root.cert);
  const seen: string[] = [];
  const moved = https.createServer({ cert: chain, key }, (request, response) => {
    seen.push(request.url!);
    response.end('<a href="/a">a</a> <a href="/">home</a>');
  });
  const from = http.createServer((request, response) => {
    const location = `https://localhost:${portOf(moved)}${request.url}`;
    response.writeHead(301, { location }).end();
  });
  for (const server of [moved, from]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }
  try {
    const url = `http://localhost:${portOf(from)}/`;
    const { code, out } = await scrape([url], undefined, { NODE_EXTRA_CA_CERTS: ca });
    expect(code).toBe(0);
    expect(seen.sort()).toEqual(['/', '/a']);
    expect(out).toMatch(/^pages {4}2 read, 0 failed, 2 found$/m);
    const stranger = await scrape([url], undefined, { NODE_EXTRA_CA_CERTS: '' });
    expect(stranger.out).toMatch(/^pages {4}0 read, 1 failed, 1 found$/m);
    expect(stranger.out).toContain('UNABLE_TO_VERIFY_LEAF_SIGNATURE: 1');
    expect(seen.length).toBe(2);
  } finally {
    moved.close();
    from.close();
    rmSync(folder, { recursive: true });
  }
});

const portOf = (server: http.Server): number => (server.address() as AddressInfo).port;

const wrong: Array<[message: RegExp, args: string[]]> = [
  [/^not a URL: nonsense/, ['nonsense']],
  [/^only http: and https: can be crawled: ftp:/, ['ftp://localhost/']],
  [/^--limit must be a whole number from 1 to 1000000, not 0/, ['--limit', '0']],
  [/^--concurrency must be a whole number from 1 to 1000, not many/, ['--concurrency', 'many']],
  [/^--timeout must be a number of seconds/, ['--timeout=-1']],
  [/^Unknown option '--depth'/, ['--depth', '3']],
];

test.each(wrong)('arguments: %s', async (message, args) => {
  const { code, out, err } = await scrape(args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
  expect(err).toContain('usage: npm start');
});

test('--help', async () => {
  const { code, out } = await scrape(['--help']);
  expect(code).toBe(0);
  expect(out).toContain('--concurrency');
});

test('the site is the same on every run, and all of it can be reached', () => {
  expect(answerTo('/')).toEqual(answerTo('/'));
  expect(answerTo('/page/3000').status).toBe(404);
  expect(answerTo('/elsewhere').status).toBe(404);
  const base = 'http://site/';
  const found = new Set([base]);
  for (const url of found) {
    const { html, location } = answerTo(new URL(url).pathname);
    const next = location === undefined ? linksOf(html, url) : [new URL(location, url).href];
    for (const link of next) found.add(link);
  }
  expect(found.size).toBeGreaterThan(PAGES - 10);
});
