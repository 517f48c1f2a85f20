// Downloads into files: whole, in parts, gone on with.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createTask, run } from 'oxbow';
import {
  ClientConnectorCertificateError,
  type ClientMiddleware,
  ClientPayloadError,
  ClientResponseError,
  ClientSession,
} from 'oxbow/http';

import { withNode } from './client-support.ts';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));

/** What a server does with one request; breaks off after so many bytes. */
interface Plan {
  tag: string | null;
  breakAt: number | null;
  ranges: boolean;
}

/** A server that serves `content`, and notes what it was asked for. */
function serving(plans: Plan[], asked: string[]): http.RequestListener {
  return (request, response) => {
    const { range, 'if-range': validator } = request.headers;
    asked.push(`${range ?? '-'} ${validator ?? '-'} ${request.headers['accept-encoding']}`);
    const plan = plans.length > 1 ? plans.shift()! : plans[0]!;
    const { tag, breakAt, ranges } = plan;
    if (tag !== null) response.setHeader('etag', tag);
    let from = 0;
    if (ranges && range !== undefined && validator === tag) {
      from = Number(/bytes=(\d+)-/.exec(range)![1]);
      if (from >= content.length) {
        response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
        return;
      }
      response.statusCode = 206;
      response.setHeader('content-range', `bytes ${from}-${content.length - 1}/${content.length}`);
    }
    response.setHeader('content-length', content.length - from);
    if (breakAt === null) response.end(content.subarray(from));
    else response.write(content.subarray(from, breakAt), () => response.destroy());
  };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oxbow-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function downloading(
  plans: Plan[],
  body: (session: ClientSession, url: string, path: string, asked: string[]) => Promise<void>,
): Promise<void> {
  const asked: string[] = [];
  return withNode(serving(plans, asked), async (url) => {
    await using session = new ClientSession({ baseUrl: url });
    await body(session, `${url}file`, join(folder, 'file'), asked);
    expect(existsSync(join(folder, 'file.part.json'))).toBe(false);
  });
}

const WHOLE: Plan = { tag: '"v1"', breakAt: null, ranges: true };

test('a whole file, with progress, both lanes', () =>
  downloading([WHOLE], async (session, url, path, asked) => {
    const seen: [number, number | null][] = [];
    const onProgress = (received: number, total: number | null) =>
      void seen.push([received, total]);
    const got = await session.download(url, path, { onProgress });
    expect(got).toEqual({ path, url, size: content.length, resumedAt: 0 });
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(seen.at(-1)).toEqual([content.length, content.length]);
    expect(existsSync(`${path}.part`)).toBe(false);
    expect(asked).toEqual(['- - identity']);
    await createTask(function* () {
      const again = yield* session.download('/file', path);
      expect(again.size).toBe(content.length);
    });
  }));

test('a connection that breaks: it goes on where it was', () =>
  downloading([{ ...WHOLE, breakAt: 100_000 }, WHOLE], async (session, url, path, asked) => {
    expect(await session.download(url, path)).toMatchObject({ size: content.length });
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(asked.length).toBe(2);
    expect(asked[1]).toMatch(/^bytes=\d+- "v1" identity$/);
  }));

test('what an earlier call has left is gone on with, if it is the same still', async () => {
  const broken: Plan = { ...WHOLE, breakAt: 100_000 };
  await downloading([broken, WHOLE], async (session, url, path) => {
    await expect(session.download(url, path, { attempts: 1 })).rejects.toBeInstanceOf(
      ClientPayloadError,
    );
    expect(existsSync(path)).toBe(false);
    const left = readFileSync(`${path}.part`).length;
    expect(left).toBeGreaterThan(0);
    expect((await session.download(url, path)).resumedAt).toBe(left);
    expect(readFileSync(path).equals(content)).toBe(true);
  });
  const other: Plan = { ...WHOLE, tag: '"v2"' };
  await downloading([broken, other], async (session, url, path, asked) => {
    await expect(session.download(url, path, { attempts: 1 })).rejects.toThrow();
    expect((await session.download(url, path)).resumedAt).toBe(0);
    expect(asked[1]).toMatch(/^bytes=/);
    expect(readFileSync(path).equals(content)).toBe(true);
  });
  await downloading([broken, WHOLE], async (session, url, path, asked) => {
    await expect(session.download(url, path, { attempts: 1 })).rejects.toThrow();
    await session.download(url, path, { resume: false });
    expect(asked[1]).toBe('- - identity');
    expect(readFileSync(path).equals(content)).toBe(true);
  });
});

test.each([
  ['without a tag', null],
  ['with a weak one', 'W/"v1"'],
])('%s nothing is gone on with', (_name, tag) =>
  downloading(
    [
      { tag, breakAt: 100_000, ranges: true },
      { tag, breakAt: null, ranges: true },
    ],
    async (session, url, path, asked) => {
      await session.download(url, path);
      expect(asked).toEqual(['- - identity', '- - identity']);
      expect(readFileSync(path).equals(content)).toBe(true);
    },
  ),
);

test('too much was left, or another part comes: all of it is asked for', async () => {
  const note = JSON.stringify({ validator: '"v1"' });
  await downloading([WHOLE], async (session, url, path, asked) => {
    writeFileSync(`${path}.part`, Buffer.concat([content, content]));
    writeFileSync(`${path}.part.json`, note);
    expect((await session.download(url, path)).resumedAt).toBe(0);
    expect(asked.length).toBe(2);
    expect(readFileSync(path).equals(content)).toBe(true);
  });
  const path = join(folder, 'other');
  writeFileSync(`${path}.part`, 'left');
  writeFileSync(`${path}.part.json`, note);
  await withNode(
    (request, response) => {
      if (request.headers.range === undefined) response.end('whole');
      else response.writeHead(206, { 'content-range': 'bytes 0-3/9' }).end('else');
    },
    async (url) => {
      await using session = new ClientSession();
      expect((await session.download(url, path)).size).toBe(5);
      expect(readFileSync(path, 'utf8')).toBe('whole');
    },
  );
});

test('statuses, files and options that are wrong', () =>
  withNode(
    (_request, response) => response.writeHead(404).end(),
    async (url) => {
      await using session = new ClientSession();
      const path = join(folder, 'file');
      await expect(session.download(url, path)).rejects.toBeInstanceOf(ClientResponseError);
      expect(existsSync(`${path}.part`)).toBe(false);
      await expect(session.download(url, path, { retry: 1 } as never)).rejects.toThrow(
        /there is no option 'retry'/,
      );
      await expect(session.download(url, '')).rejects.toThrow(/path must be a string/);
      await expect(session.download(url, path, { onProgress: 1 } as never)).rejects.toThrow(
        /onProgress must be a function/,
      );
    },
  ));

test('a certificate that is refused is refused again: one attempt', () =>
  run(async () => {
    let attempts = 0;
    const refused: ClientMiddleware = (request) => {
      attempts++;
      throw new ClientConnectorCertificateError(request.url.hostname, 443, new Error('expired'));
    };
    await using session = new ClientSession({ middlewares: [refused] });
    const download = session.download('https://a.test/', join(folder, 'refused'));
    await expect(download).rejects.toBeInstanceOf(ClientConnectorCertificateError);
    expect(attempts).toBe(1);
  }));

test('a folder that is not there; a signal that aborts', () =>
  downloading([WHOLE], async (session, url, path) => {
    const nowhere = session.download(url, join(folder, 'no', 'file'));
    await expect(nowhere).rejects.toMatchObject({ code: 'ENOENT' });
    const signal = AbortSignal.abort();
    await expect(session.download(url, path, { signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  }));
