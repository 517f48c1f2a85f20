// Oxbow's HTTP parser against Node's own (llhttp, strict) on generated messages cut at random
// places. What both accept must mean the same. Where we refuse what Node accepts, the reason must
// be in the table below; where Node refuses what we accept, in the other one.
import { coreEvents, coreTest, messagesOf } from './core-parser.ts';
import { hostileCases } from './hostile-corpus.ts';
import {
  answerToHead,
  cutAtRandom,
  mutated,
  randomFrom,
  validMessages,
} from './message-generator.ts';
import { nodeMethods, parseWithNode } from './node-parser.ts';
import { untilConnectionEnds } from './parsed-messages.ts';
import type { Random } from './message-generator.ts';
import type { Feed, Parsed } from './parsed-messages.ts';

const seed = Number(process.env['OXBOW_TEST_SEED'] ?? 20_260_101);
const count = Number(process.env['OXBOW_TEST_MESSAGES'] ?? 3000);

/** Why we refuse what Node's parser lets pass. */
const stricterBecause: Record<string, string> = {
  'no Host field in an HTTP/1.1 request': 'Node checks Host above its parser',
  'more than one Host field': 'the same; two hosts are two sites for two readers',
  'malformed Host field': 'RFC 9112 section 3.2 asks for 400',
  'malformed request line': 'only one empty line before a request is forgiven',
  'malformed request target': 'only the four forms, only ASCII, no fragment, "*" for OPTIONS only',
  'malformed HTTP version': 'no empty line before a response; no white space around versions',
  'HTTP version not supported, only 1.0 and 1.1': 'Node also parses 0.9 and 2.0',
  'malformed status line': 'exactly three digits from 100 on, then one space',
  'carriage return without a line feed': 'Node forgives CRs before a message',
  'malformed Content-Length': 'must be exact in JavaScript; Node takes white space and 64 bits',
  'malformed Transfer-Encoding': 'no empty or repeated members',
  'more than one Content-Length': 'Node allows it where a response has no body',
  'chunked is not the final transfer coding': 'Node reads such a response until the end',
  'transfer coding not supported, only chunked': 'Node leaves the inner coding to its user',
  'Transfer-Encoding in an HTTP/1.0 message': 'RFC 9112 section 6.1: the framing is faulty',
  'both Content-Length and Transfer-Encoding': 'Node allows it where a response has no body',
  'CONNECT request with a body': 'such a body has no meaning and looks like tunnel data',
  'malformed chunk size': 'nothing but digits; Node takes white space after them',
  'malformed chunk extension': 'the grammar of RFC 9112 section 7.1.1 without bad white space',
  'chunk size too large': 'must be exact in JavaScript',
  'malformed field name': 'Node forgives it in places',
  'too many header fields': 'Node counts bytes alone',
  'connection closed inside a message': 'Node forgives a lone CR before a response',
};

/** Whether Node may refuse what we accept, by its error code. */
const looserIf: Record<string, (feed: Feed, core: Parsed) => boolean> = {
  // Any token is a method; Node has a list.
  HPE_INVALID_METHOD: (_feed, core) => core.messages.some(({ method }) => !nodeMethods.has(method)),
  // Trailers are dropped, so what they say about framing and the connection changes nothing.
  HPE_CLOSED_CONNECTION: hasTrailerForNode,
  HPE_INVALID_CONTENT_LENGTH: hasTrailerForNode,
  HPE_UNEXPECTED_CONTENT_LENGTH: hasTrailerForNode,
  HPE_INVALID_TRANSFER_ENCODING: hasTrailerForNode,
};

/**
 * What Node's parser reads otherwise, so that there is nothing to compare: a tab after these values
 * is a part of them for it, though it is white space; and it obeys Proxy-Connection. For it
 * only 100 and 101 of all 1xx have no body.
 */
function hasOwnMeaning(feed: Feed): boolean {
  const text = feed.pieces.join('');
  return (
    /(transfer-encoding|content-length|connection):[^\r\n]*\t/i.test(text) ||
    /proxy-connection:/i.test(text) ||
    /^HTTP\/1\.\d 1(?!0[01])[^]*\r\n(content-length|transfer-encoding):/im.test(text)
  );
}

/** Having seen this, Node's parser reports no error in what follows. */
function asksForUpgrade(feed: Feed): boolean {
  return /connection:[^\r\n]*upgrade/i.test(feed.pieces.join(''));
}

function hasTrailerForNode(feed: Feed): boolean {
  const text = feed.pieces.join('');
  return /\r\n0+(;[^\r\n]*)?\r\n([^\r\n]+\r\n)*(content-length|transfer-encoding|connection):/i.test(
    text,
  );
}

function generate(random: Random, change: boolean): Feed {
  const kind = random(2) === 0 ? 'request' : 'response';
  const answersHead = kind === 'response' && random(5) === 0;
  const valid = validMessages(random, kind);
  // Without a length Node says of an answer to HEAD that it ends the connection, before it is told
  // that there is no body; so this part stays as it is.
  const text = (answersHead ? answerToHead : '') + (change ? mutated(random, valid) : valid);
  return { kind, answersHead, pieces: cutAtRandom(random, text) };
}

function show({ kind, pieces }: Feed): string {
  return `seed ${seed}, ${kind} in ${pieces.length} pieces: ${JSON.stringify(pieces.join(''))}`;
}

function parseWithBoth(feeds: Feed[]): { feed: Feed; core: Parsed; node: Parsed }[] {
  const events = coreEvents(feeds);
  expect(events.length).toBe(feeds.length);
  return feeds.map((feed, index) => ({
    feed,
    core: untilConnectionEnds(messagesOf(events[index]!)),
    node: untilConnectionEnds(parseWithNode(feed)),
  }));
}

function expectSame(feed: Feed, core: unknown, node: unknown): void {
  expect({ of: show(feed), parsed: core }).toEqual({ of: show(feed), parsed: node });
}

coreTest(`${count} valid messages mean the same to both parsers`, () => {
  const random = randomFrom(seed);
  const feeds = Array.from({ length: count }, () => generate(random, false));
  for (const { feed, core, node } of parseWithBoth(feeds)) {
    if (core.error !== undefined) throw new Error(`refused: ${core.error}; ${show(feed)}`);
    expectSame(feed, core, node);
  }
});

/** @returns how many were accepted, and how many were refused that Node accepts */
function compare(feeds: Feed[]): { accepted: number; stricter: number } {
  let accepted = 0;
  let stricter = 0;
  for (const { feed, core, node } of parseWithBoth(feeds)) {
    if (hasOwnMeaning(feed)) continue;
    const same = Math.min(core.messages.length, node.messages.length);
    expectSame(feed, core.messages.slice(0, same), node.messages.slice(0, same));
    if (core.error === undefined) {
      accepted += 1;
      if (node.error === undefined) expectSame(feed, core, node);
      else if (looserIf[node.error]?.(feed, core) !== true) {
        throw new Error(`Node refuses with ${node.error}, we accept; ${show(feed)}`);
      }
    } else if (node.error === undefined) {
      stricter += 1;
      if (stricterBecause[core.error.slice(4)] === undefined && !asksForUpgrade(feed)) {
        throw new Error(`we refuse with ${core.error}, Node accepts; ${show(feed)}`);
      }
    }
  }
  return { accepted, stricter };
}

coreTest(`of ${count} mutated messages, what we accept Node accepts with the same meaning`, () => {
  const random = randomFrom(seed + 1);
  const { accepted, stricter } = compare(
    Array.from({ length: count }, () => generate(random, true)),
  );
  // Otherwise the mutations are too wild or too tame to say anything.
  expect(accepted).toBeGreaterThan(count / 20);
  expect(stricter).toBeGreaterThan(count / 100);
  expect(accepted + stricter).toBeLessThan(count);
});

coreTest(`the same of ${count} mutated messages of the corpus`, () => {
  const random = randomFrom(seed + 2);
  const cases = [...hostileCases('request'), ...hostileCases('response')];
  // Of answers to HEAD, see generate().
  const short = cases.filter(
    ({ bytes, answers }) => bytes !== '' && bytes.length < 1000 && answers === 'GET',
  );
  const { accepted, stricter } = compare(
    Array.from({ length: count }, () => {
      const { kind, bytes } = short[random(short.length)]!;
      return { kind, pieces: cutAtRandom(random, mutated(random, bytes)) };
    }),
  );
  expect(accepted).toBeGreaterThan(count / 50);
  expect(stricter).toBeGreaterThan(count / 100);
});

const whole = [
  'GET / HTTP/1.1\r\nHost: h\r\n\r\n\r\nGET /2 HTTP/1.0\r\n\r\n',
  'POST /a?b HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nokGET / HTTP/1.1\r\nHost: h\r\n\r\n',
  'PUT / HTTP/1.1\r\nHost:\r\nTransfer-Encoding: chunked\r\n\r\n3;a="b"\r\nabc\r\n0\r\nT:\r\n\r\n',
  'CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx',
  'GET / HTTP/1.1\r\nHost: h\r\nA : b\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n',
  'GET / HTTP/1.1\nHost: h\r\n\r\n',
  'GET / HTTP/2.0\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: h\r\nA: b',
];
const wholeResponses = [
  'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 204 N\r\n\r\n',
  'HTTP/1.1 103 E\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nuntil the end',
  'HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n00\r\n\r\n',
];

coreTest('every cut gives the same events', () => {
  const uncut: Feed[] = [
    ...whole.map((text): Feed => ({ kind: 'request', pieces: [text] })),
    ...wholeResponses.map((text): Feed => ({ kind: 'response', pieces: [text] })),
  ];
  const expected = coreEvents(uncut);
  uncut.forEach(({ kind, pieces: [text] }, index) => {
    const cut = Array.from(text!, (_, at): Feed => ({
      kind,
      pieces: [text!.slice(0, at), text!.slice(at)],
    }));
    const events = coreEvents([...cut, { kind, pieces: [...text!] }]);
    events.forEach((one, at) => {
      expect({ text, at, events: one }).toEqual({ text, at, events: expected[index] });
    });
  });
});
