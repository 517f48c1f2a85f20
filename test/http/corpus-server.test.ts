// The hostile requests of test/http/corpus against a server, in virtual time, cut at every byte:
// what its handler sees, what the peer is answered, and that nothing is left of it.
import { createTask, openConnection, sleep } from 'oxbow';
import type { Coro } from 'oxbow';
import { Response, serve } from 'oxbow/http';
import type { HttpServer } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';

import { cutsOf, hostileCases } from './hostile-corpus.ts';
import type { HostileCase } from './hostile-corpus.ts';

type Seen = { what: string; body: string };

/** What a peer that sends these pieces, until it is told that nobody listens, is answered. */
function* conversation(server: HttpServer, pieces: string[]): Coro<string> {
  const [reader, writer] = yield* openConnection('127.0.0.1', server.port);
  const answers = createTask(function* () {
    return (yield* reader.read()).toString('latin1');
  });
  for (const piece of pieces) {
    if (answers.done()) break;
    writer.write(Buffer.from(piece, 'latin1'));
    yield* sleep('1ms');
  }
  if (!answers.done()) writer.writeEof();
  const text = yield* answers;
  writer.close();
  while (server.connections > 0) yield* sleep('1ms');
  return text;
}

const statuses = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));

interface Outcome {
  seen: Seen[];
  answers: number[];
}

function expected({ readings, ending, status }: HostileCase, got: Outcome): Outcome {
  const seen = readings.map(({ what, body }) => ({ what, body: body! }));
  const answers = readings.map(() => 200);
  if (ending === 'refuse') answers.push(status);
  // Who sends half of a head is told; who sends half of a body is not there any more.
  if (ending === 'cut' && got.answers.length > answers.length) answers.push(400);
  // Tunnels are for others.
  if (ending === 'leave' && seen.at(-1)!.what.startsWith('CONNECT')) {
    seen.pop();
    answers[answers.length - 1] = 501;
  }
  return { seen, answers };
}

const all = hostileCases('request');
/** Thousands of conversations, also on a machine that is busy and slow. */
const LIMIT_MS = 120_000;

const files = [...new Set(all.map(({ file }) => file))];

test.each(files)(
  '%s',
  (file) =>
    runVirtual(function* () {
      let seen: Seen[] = [];
      const server = yield* serve({
        *fetch(request) {
          const body = Buffer.from(yield* request.bytes()).toString('latin1');
          seen.push({ what: `${request.method} ${request.target}`, body });
          return new Response('ok');
        },
      });
      for (const one of all) {
        if (one.file !== file) continue;
        const cuts = [0, ...cutsOf(one.bytes)];
        for (const cut of cuts) {
          seen = [];
          const pieces = [one.bytes.slice(0, cut), one.bytes.slice(cut)];
          const text = yield* conversation(
            server,
            pieces.filter((piece) => piece !== ''),
          );
          const answers = statuses(text).filter((status) => status >= 200);
          const of = `${one.name}, cut at ${cut}`;
          expect({ of, seen, answers }).toEqual({ of, ...expected(one, { seen, answers }) });
        }
      }
      yield* server.shutdown();
    }),
  LIMIT_MS,
);
