// The hostile messages of test/http/corpus through the parser alone, cut at every byte, and through
// Node's own strict parser.
import { coreEvents, coreTest, messagesOf } from './core-parser.ts';
import type { CoreEvent } from './core-parser.ts';
import { cutsOf, hostileCases } from './hostile-corpus.ts';
import type { HostileCase, Kind } from './hostile-corpus.ts';
import { parseWithNode } from './node-parser.ts';
import { untilConnectionEnds } from './parsed-messages.ts';
import type { Feed, Parsed, ParsedMessage } from './parsed-messages.ts';

const TRUNCATED = 'connection closed inside a message';

function feedOf({ kind, answers, bytes }: HostileCase, ...cuts: number[]): Feed {
  const places = [0, ...cuts, bytes.length];
  const pieces = places.slice(1).map((to, index) => bytes.slice(places[index], to));
  return { kind, answersHead: answers === 'HEAD', pieces };
}

function whatOf(kind: Kind, message: ParsedMessage): string {
  return kind === 'request' ? `${message.method} ${message.url}` : String(message.status);
}

interface Told {
  readings: { what: string; body: string | null }[];
  ending: string;
  status: number;
}

/** In the words of the corpus. */
function told({ kind }: HostileCase, parsed: Parsed): Told {
  const last = parsed.messages.at(-1);
  const error = parsed.error;
  let ending = 'open';
  if (error !== undefined) ending = error.endsWith(TRUNCATED) ? 'cut' : 'refuse';
  else if (last?.upgrade === true) ending = 'leave';
  else if (last?.keepAlive === false) ending = 'end';
  return {
    readings: parsed.messages.map((message) => {
      const isInterim = kind === 'response' && message.status < 200 && message.status !== 101;
      return { what: whatOf(kind, message), body: isInterim ? null : message.body };
    }),
    ending,
    status: kind === 'request' && ending === 'refuse' ? Number(error!.slice(0, 3)) : 0,
  };
}

function expected({ kind, readings, ending, status }: HostileCase): Told {
  // Here a 101 is a message as others are; who has not asked for one takes it for none.
  const leaves = kind === 'response' && ending === 'leave';
  return {
    readings: [
      ...readings.map(({ what, body }) => ({ what, body })),
      ...(leaves ? [{ what: '101', body: '' }] : []),
    ],
    ending,
    status,
  };
}

const all = [...hostileCases('request'), ...hostileCases('response')];

/** Until a message that ends the connection: what follows it is nobody's. */
function readBy(events: CoreEvent[]): Parsed {
  const { messages, error } = messagesOf(events);
  const last = messages.findIndex(({ keepAlive, upgrade }) => !keepAlive || upgrade);
  return last < 0
    ? { messages, error }
    : { messages: messages.slice(0, last + 1), error: undefined };
}

const shown = (one: HostileCase): string => `${one.file}: ${one.name}`;

coreTest(`${all.length} hostile messages are read as they must be`, () => {
  const events = coreEvents(all.map((one) => feedOf(one)));
  const wrong = all.flatMap((one, index) => {
    const got = told(one, readBy(events[index]!));
    const right = expected(one);
    return JSON.stringify(got) === JSON.stringify(right) ? [] : [{ of: shown(one), got, right }];
  });
  expect(wrong).toEqual([]);
});

coreTest('the same at every cut', () => {
  const cut = all.flatMap((one, index) => {
    const feeds = cutsOf(one.bytes).map((at) => ({ index, at, feed: feedOf(one, at) }));
    if (one.bytes.length > 2000) return feeds;
    return [...feeds, { index, at: -1, feed: { ...feedOf(one), pieces: [...one.bytes] } }];
  });
  const whole = coreEvents(all.map((one) => feedOf(one))).map((events) => JSON.stringify(events));
  const MANY = 2000;
  for (let from = 0; from < cut.length; from += MANY) {
    const some = cut.slice(from, from + MANY);
    coreEvents(some.map(({ feed }) => feed)).forEach((events, nth) => {
      const { index, at } = some[nth]!;
      const of = `${shown(all[index]!)} at ${at}`;
      expect({ of, events: JSON.stringify(events) }).toEqual({ of, events: whole[index] });
    });
  }
});

test('Node refuses what we refuse and reads what we read, but where the corpus says why not', () => {
  const different: string[] = [];
  for (const one of all) {
    const node = told(one, untilConnectionEnds(parseWithNode(feedOf(one))));
    const ours = expected(one);
    const refuses = node.ending === 'refuse' || node.ending === 'cut';
    const we = ours.ending === 'refuse' || ours.ending === 'cut';
    const readsTheSame = JSON.stringify(node.readings) === JSON.stringify(ours.readings);
    const agrees = we ? refuses : !refuses && readsTheSame;
    // Its versions differ, so where a difference is explained it need not be there.
    const mayDiffer = one.node === (we ? 'stricter' : 'looser');
    if (!agrees && !mayDiffer) different.push(`${shown(one)}: ${JSON.stringify(node)}`);
  }
  expect(different).toEqual([]);
});
