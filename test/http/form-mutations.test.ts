// Multipart forms that were changed at random: each is a form, a 400 or a 413, the same however it
// is cut, and nothing is left of it on disk.
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run, sleep } from 'oxbow';
import { ClientSession, Response, serve } from 'oxbow/http';

import { cutAtRandom, mutated, randomFrom } from './message-generator.ts';
import type { Random } from './message-generator.ts';

const ROUNDS = Number(process.env['OXBOW_TEST_FORMS'] ?? 60);

const pick = <T>(random: Random, from: readonly T[]): T => from[random(from.length)]!;

const BOUNDARIES = ['b', '----WebKitFormBoundaryABC', "a'()+_,-./:=?b", 'x'.repeat(70)];
const NAMES = ['a', 'b[]', 'a b', '__proto__', 'caf\xc3\xa9', 'x'.repeat(100)];
const FILES = ['cat.jpg', '../../etc/passwd', 'C:\\a\\b.txt', 'a;b.txt', '.', '%00.txt'];
const SCRAPS = [
  '\r\n',
  '--',
  '\r\n--',
  '\r\n--b',
  '\r',
  '\n',
  '\0',
  'text',
  '\xff\xfe',
  'y'.repeat(300),
];

function form(random: Random, boundary: string): string {
  let text = random(4) === 0 ? 'before\r\n' : '';
  for (let left = random(4); left >= 0; left--) {
    const file = random(2) === 0 ? `; filename="${pick(random, FILES)}"` : '';
    const type = random(2) === 0 ? '\r\nContent-Type: text/plain; charset=utf-8' : '';
    const value = Array.from({ length: random(5) }, () => pick(random, SCRAPS)).join('');
    text +=
      `--${boundary}\r\nContent-Disposition: form-data; name="${pick(random, NAMES)}"${file}${type}` +
      `\r\n\r\n${value}\r\n`;
  }
  return `${text}--${boundary}--${random(4) === 0 ? '\r\nbehind' : '\r\n'}`;
}

test.each([1, 2, 3, 4])('seed %d', (seed) => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'oxbow-mutations-'));
  return run(async () => {
    const server = await serve({
      async fetch(request) {
        const limits = { memory: 100, maxParts: 4, maxFieldSize: 500, maxFileSize: 900, folder };
        const got = await request.formData(limits);
        const entries: unknown[] = [];
        for (const [name, value] of got) {
          if (typeof value === 'string') entries.push([name, value]);
          else {
            const bytes = Buffer.from(await value.arrayBuffer()).toString('latin1');
            entries.push([name, value.name, value.type, value.size, bytes]);
          }
        }
        return Response.json(entries);
      },
    });
    const session = new ClientSession();
    const random = randomFrom(seed * 104_729);
    const statuses = new Set<number>();
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const boundary = pick(random, BOUNDARIES);
        const valid = form(random, boundary);
        const text = random(5) === 0 ? valid : mutated(random, valid);
        const headers = { 'content-type': `multipart/form-data; boundary="${boundary}"` };
        const answers: string[] = [];
        const pieces = cutAtRandom(random, text).filter((piece) => piece !== '');
        for (const body of [[text], pieces]) {
          const response = await session.post(server.url, {
            headers,
            body: (async function* () {
              for (const piece of body) {
                yield Buffer.from(piece, 'latin1');
                await new Promise(setImmediate);
              }
            })(),
          });
          statuses.add(response.status);
          answers.push(`${response.status} ${await response.text()}`);
        }
        const of = `seed ${seed}: ${JSON.stringify(text)} as ${JSON.stringify(pieces)}`;
        expect({ of, answer: answers[1] }).toEqual({ of, answer: answers[0] });
        expect([of, answers[0]!.slice(0, 3)]).toEqual([
          of,
          expect.stringMatching(/^(200|400|413)$/),
        ]);
      }
      expect([...statuses].sort()).toEqual([200, 400, 413]);
      while (fs.readdirSync(folder).length > 0) await sleep('5ms');
    } finally {
      await session.close();
      await server.shutdown();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
