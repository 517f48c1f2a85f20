// The hostile responses of test/http/corpus to a client, in virtual time, cut at every byte: what
// it gives for the request, and whether it uses the connection again.
import { sleep, startServer } from 'oxbow';
import type { Coro, StreamReader, StreamWriter } from 'oxbow';
import { ClientError, ClientSession } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';

import { cutsOf, hostileCases } from './hostile-corpus.ts';
import type { HostileCase } from './hostile-corpus.ts';

interface Outcome {
  /** The status and the body, or that there was an error. */
  got: string;
  /** Whether the next request goes over the same connection. */
  reused: boolean;
}

/** The next request of the session, which the server answers with this. */
const NEXT = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext';

/** What the first request is answered; every later one gets NEXT. */
class Script {
  pieces: string[] = [];
  ends = false;
  connections = 0;

  *serve(reader: StreamReader, writer: StreamWriter): Coro<void> {
    const first = ++this.connections === 1;
    try {
      yield* reader.readuntil('\r\n\r\n');
      for (const piece of first ? this.pieces : [NEXT]) {
        writer.write(Buffer.from(piece, 'latin1'));
        yield* sleep('1ms');
      }
      if (first && this.ends) writer.close();
      yield* reader.readuntil('\r\n\r\n');
      writer.write(NEXT);
      yield* reader.read();
    } catch {
      // The client has gone, as it may.
    } finally {
      writer.close();
    }
  }
}

function expected({ readings, ending, answers }: HostileCase): Outcome {
  const finals = readings.filter(({ body }) => body !== null);
  const [first] = finals;
  if (first === undefined) return { got: 'error', reused: false };
  const alone = readings.at(-1) === first;
  const body = answers === 'HEAD' ? '' : first.body;
  return { got: `${first.what} ${body}`, reused: alone && ending === 'open' };
}

const all = hostileCases('response');
/** Thousands of conversations, also on a machine that is busy and slow. */
const LIMIT_MS = 120_000;

const files = [...new Set(all.map(({ file }) => file))];

test.each(files)(
  '%s',
  (file) =>
    runVirtual(function* () {
      let script = new Script();
      const server = yield* startServer(
        (reader, writer) => script.serve(reader, writer),
        '127.0.0.1',
        0,
      );
      const url = `http://127.0.0.1:${server.sockets[0]!.getsockname()[1]}/`;

      function* outcome(one: HostileCase, pieces: string[]): Coro<Outcome> {
        script = new Script();
        script.pieces = pieces;
        // What lasts until the end has to have one.
        script.ends = one.ending === 'cut' || one.ending === 'end' || one.readings.length === 0;
        const session = new ClientSession();
        let got: string;
        try {
          const options = { allowRedirects: false };
          const response = yield* session.request(one.answers, url, options);
          const body = Buffer.from(yield* response.bytes()).toString('latin1');
          got = `${response.status} ${body}`;
        } catch (error) {
          if (!(error instanceof ClientError)) throw error;
          got = 'error';
        }
        // Whatever comes behind the response is there by now.
        yield* sleep('5ms');
        const next = yield* session.get(url);
        expect(yield* next.text()).toBe('next');
        yield* session.close();
        return { got, reused: script.connections === 1 };
      }

      for (const one of all) {
        if (one.file !== file) continue;
        for (const cut of [0, ...cutsOf(one.bytes)]) {
          const pieces = [one.bytes.slice(0, cut), one.bytes.slice(cut)];
          const got = yield* outcome(
            one,
            pieces.filter((piece) => piece !== ''),
          );
          const of = `${one.name}, cut at ${cut}`;
          expect({ of, ...got }).toEqual({ of, ...expected(one) });
        }
      }
      server.close();
    }),
  LIMIT_MS,
);
