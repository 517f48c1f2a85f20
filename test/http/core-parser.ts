/** Runs Oxbow's native parser, without Node around it, on many connections at once. */
import { spawnSync } from 'node:child_process';

import { coreProgram, corePath, testWith } from '../support/needs.ts';
import type { Feed, Parsed, ParsedMessage } from './parsed-messages.ts';

type Head = Omit<ParsedMessage, 'body'>;
export type CoreEvent =
  | { head: Head }
  | { body: string }
  | { end: true }
  | { error: number; text: string };

function encode(feed: Feed): Buffer[] {
  const numbers = [
    (feed.kind === 'response' ? 1 : 0) + (feed.answersHead ? 2 : 0),
    feed.pieces.length,
    ...feed.pieces.map((piece) => piece.length),
  ];
  const header = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, index) => header.writeUInt32LE(number, index * 4));
  return [header, Buffer.from(feed.pieces.join(''), 'latin1')];
}

/** The tests that need that program. */
export const coreTest = testWith(coreProgram('http_differential'));

/** The events of each feed. */
export function coreEvents(feeds: Feed[]): CoreEvent[][] {
  const run = spawnSync(corePath('http_differential'), {
    input: Buffer.concat(feeds.flatMap(encode)),
    maxBuffer: 1 << 28,
    timeout: 60_000,
  });
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(`http_differential failed: ${run.stderr}`);
  const lines = run.stdout.toString('latin1').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as CoreEvent[]);
}

/** The events put together to messages. */
export function messagesOf(events: CoreEvent[]): Parsed {
  const parsed: Parsed = { messages: [], error: undefined };
  let message: ParsedMessage | undefined;
  for (const event of events) {
    if ('head' in event) message = { ...event.head, body: '' };
    else if ('body' in event) message!.body += Buffer.from(event.body, 'hex').toString('latin1');
    else if ('end' in event) parsed.messages.push(message!);
    else parsed.error = `${event.error} ${event.text}`;
  }
  return parsed;
}
