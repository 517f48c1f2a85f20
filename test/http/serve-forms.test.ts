// Multipart forms: what is kept where, for how long, and within which bounds.
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sleep } from 'oxbow';
import { Response } from 'oxbow/http';
import type { FormOptions, Request, UploadedFile } from 'oxbow/http';
import { ask, Peer, withServer } from './serve-support.ts';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'oxbow-forms-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const boundary = 'b';
const type = { 'content-type': `multipart/form-data; boundary=${boundary}` };
const field = (name: string, value: string): string =>
  `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const file = (name: string, value: string): string =>
  `--b\r\ncontent-disposition: form-data; name="${name}"; filename="${name}.txt"\r\n` +
  `content-type: text/x-own\r\n\r\n${value}\r\n`;
const END = '--b--\r\n';

/** Until what is removed behind the answer is gone. */
async function emptied(): Promise<void> {
  while (fs.readdirSync(folder).length > 0) await sleep(0.005);
}

function forms(
  options: FormOptions,
  use: (form: FormData, request: Request) => Promise<unknown>,
  body: (send: (text: string) => ReturnType<typeof ask>, port: number) => Promise<void>,
): Promise<void> {
  return withServer(
    {
      async fetch(request) {
        const form = await request.formData({ folder, ...options });
        return Response.json((await use(form, request)) ?? null);
      },
    },
    (server) =>
      body((text) => ask(server, '/', { method: 'POST', headers: type }, text), server.port),
  );
}

test('small files stay in memory, large ones are on disk until the answer is out', () =>
  forms(
    { memory: 1000 },
    async (form) => {
      const small = form.get('small') as File;
      const large = form.get('large') as unknown as UploadedFile;
      expect('path' in small).toBe(false);
      expect(large).toBeInstanceOf(File);
      expect(large).toMatchObject({ name: 'large.txt', type: 'text/x-own', size: 5000 });
      expect(fs.statSync(large.path).size).toBe(5000);
      expect(fs.statSync(large.path).mode & 0o777).toBe(0o600);
      expect(await large.text()).toBe('abcde'.repeat(1000));
      expect((await large.arrayBuffer()).byteLength).toBe(5000);
      const part = large.slice(1, -4996, 'a/b');
      expect([part.size, part.type, await part.text()]).toEqual([3, 'a/b', 'bcd']);
      expect(await part.slice(-1).text()).toBe('d');
      let streamed = 0;
      for await (const piece of large.stream()) streamed += piece.length;
      expect(streamed).toBe(5000);
      // Sent on as it is.
      const other = new FormData();
      other.append('again', large);
      expect(await new globalThis.Response(other).text()).toContain('abcde'.repeat(1000));
      return [await small.text(), form.getAll('a'), small.name];
    },
    async (send) => {
      const answer = await send(
        field('a', '1') +
          file('small', 'tiny') +
          file('large', 'abcde'.repeat(1000)) +
          field('a', '2') +
          END,
      );
      expect(answer.text).toBe('["tiny",["1","2"],"small.txt"]');
      await emptied();
    },
  ));

test('the form of a clone, and of its clone, leaves no file behind either', () =>
  withServer(
    {
      async fetch(request) {
        const clone = request.clone();
        const forms = [request, clone, clone.clone()].map((one) =>
          one.formData({ folder, memory: 10 }),
        );
        const sizes: number[] = [];
        for (const form of forms) {
          const { path } = (await form).get('a') as unknown as UploadedFile;
          sizes.push(fs.statSync(path).size);
        }
        return Response.json([sizes, fs.readdirSync(folder).length]);
      },
    },
    async (server) => {
      const text = file('a', 'x'.repeat(5000)) + END;
      const answer = await ask(server, '/', { method: 'POST', headers: type }, text);
      expect(answer.text).toBe('[[5000,5000,5000],3]');
      await emptied();
    },
  ));

test('an empty file, a file without a name, and no parts at all', () =>
  forms(
    {},
    async (form) =>
      [...form].map(([name, value]) => [name, (value as File).name, (value as File).size]),
    async (send) => {
      const unnamed = '--b\r\ncontent-disposition: form-data; name="u"; filename=""\r\n\r\n\r\n';
      expect((await send(file('e', '') + unnamed + END)).text).toBe('[["e","e.txt",0],["u","",0]]');
      expect((await send(END)).text).toBe('[]');
    },
  ));

const MANY = field('f', 'x').repeat(5);
const BOUNDS: Array<[name: string, options: FormOptions, body: string, status: number]> = [
  ['parts', { maxParts: 4 }, MANY + END, 413],
  ['parts, just as many', { maxParts: 5 }, MANY + END, 200],
  ['files', { maxFiles: 1 }, file('a', 'x') + file('b', 'y') + END, 413],
  ['a field', { maxFieldSize: 10 }, field('a', 'x'.repeat(11)) + END, 413],
  ['a field, just as large', { maxFieldSize: 11 }, field('a', 'x'.repeat(11)) + END, 200],
  ['a file', { maxFileSize: 10 }, file('a', 'x'.repeat(11)) + END, 413],
  ['a file on disk', { maxFileSize: 5000, memory: 10 }, file('a', 'x'.repeat(9000)) + END, 413],
  ['an end that is missing', {}, field('a', '1'), 400],
  ['a file that is cut', { memory: 10 }, file('a', 'x'.repeat(9000)).slice(0, -100), 400],
  ['a part without a name', {}, '--b\r\ncontent-disposition: form-data\r\n\r\nx\r\n' + END, 400],
];

test.each(BOUNDS)('a bound: %s', (_name, options, body, status) =>
  forms(
    options,
    async () => {},
    async (send) => {
      expect((await send(body)).status).toBe(status);
      await emptied();
    },
  ),
);

test('a client that goes away in the middle leaves nothing behind', async () => {
  let failure: unknown;
  await withServer(
    {
      async fetch(request) {
        try {
          await request.formData({ folder, memory: 10 });
        } catch (error) {
          failure = error;
        }
        return new Response('');
      },
    },
    async (server) => {
      const peer = new Peer(server.port);
      const text = file('a', 'x'.repeat(200_000));
      await peer.send(
        `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999\r\n` +
          `Content-Type: ${type['content-type']}\r\n\r\n${text}`,
      );
      while (fs.readdirSync(folder).length === 0) await sleep(0.005);
      peer.close();
      while (failure === undefined) await sleep(0.005);
      expect(failure).toMatchObject({ code: 'ECONNRESET' });
      await emptied();
    },
  );
});

test('a form can be read once, by one reader', () =>
  withServer(
    {
      async fetch(request) {
        const form = request.formData({ folder });
        expect(() => request.text()).toThrow(TypeError);
        expect(() => request.formData()).toThrow(TypeError);
        return Response.json([...(await form).keys()]);
      },
    },
    async (server) => {
      const answer = await ask(
        server,
        '/',
        { method: 'POST', headers: type },
        field('a', '1') + END,
      );
      expect(answer.text).toBe('["a"]');
    },
  ));

test('behind an end that is none, the form is over, and the handler goes on', () =>
  forms(
    {},
    async (form) => [...form.keys()],
    async (send) => {
      const answer = await send(
        `${field('a', '1')}--b\r\n--b--x\r\n${file('f', '2')}${field('c', '3')}${END}`,
      );
      expect([answer.status, answer.text]).toEqual([200, '["a"]']);
    },
  ));
