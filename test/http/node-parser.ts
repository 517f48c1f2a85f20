/** Runs the parser inside Node (llhttp, strict) on one connection. */
import { createRequire } from 'node:module';
import type { Feed, Parsed, ParsedMessage } from './parsed-messages.ts';

type Callback = (...args: never[]) => number | void;

interface NodeParser {
  [callback: number]: Callback;
  initialize(kind: number, resource: object): void;
  execute(bytes: Buffer): number | (Error & { code: string });
  finish(): void | (Error & { code: string });
}

interface HttpCommon {
  HTTPParser: {
    new (): NodeParser;
    REQUEST: number;
    RESPONSE: number;
    kOnHeaders: number;
    kOnHeadersComplete: number;
    kOnBody: number;
    kOnMessageComplete: number;
  };
  methods: string[];
}

// No public module gives the bare parser, and this one has no types.
const { HTTPParser, methods } = createRequire(import.meta.url)('_http_common') as HttpCommon;

export const nodeMethods: ReadonlySet<string> = new Set(methods);

const skipBody = 1;

/** Calls note() for what Node's parser finds; afterwards parsed holds the messages that ended. */
function listen(parser: NodeParser, feed: Feed, parsed: Parsed): void {
  let message: ParsedMessage;
  let headers: string[] = [];
  let url = '';
  let answersHead = feed.answersHead ?? false;
  parser[HTTPParser.kOnHeaders] = (more: string[], moreUrl: string) => {
    headers.push(...more);
    url += moreUrl;
  };
  parser[HTTPParser.kOnHeadersComplete] = (
    _major: number,
    minor: number,
    all: string[] | undefined,
    method: number,
    wholeUrl: string | undefined,
    status: number | undefined,
    reason: string | undefined,
    upgrade: boolean,
    keepAlive: boolean,
  ) => {
    const isRequest = feed.kind === 'request';
    message = {
      method: isRequest ? methods[method]! : '',
      url: wholeUrl || url,
      minor,
      status: status ?? 0,
      reason: reason ?? '',
      headers: all ?? headers,
      keepAlive,
      upgrade,
      body: '',
    };
    headers = [];
    url = '';
    if (!answersHead) return 0;
    answersHead = (status ?? 0) < 200;
    return skipBody;
  };
  parser[HTTPParser.kOnBody] = (bytes: Buffer) => {
    message.body += bytes.toString('latin1');
  };
  parser[HTTPParser.kOnMessageComplete] = () => {
    parsed.messages.push(message);
    headers = []; // drops the trailers, with which Node hands over the target once more
    url = '';
  };
}

/** The messages that ended, and why parsing stopped (an HPE_… code). */
export function parseWithNode(feed: Feed): Parsed {
  const parsed: Parsed = { messages: [], error: undefined };
  const parser = new HTTPParser();
  parser.initialize(feed.kind === 'request' ? HTTPParser.REQUEST : HTTPParser.RESPONSE, {});
  listen(parser, feed, parsed);
  for (const piece of feed.pieces) {
    const result = parser.execute(Buffer.from(piece, 'latin1'));
    if (result instanceof Error) return { ...parsed, error: result.code };
    if (parsed.messages.at(-1)?.upgrade) return parsed;
  }
  const result = parser.finish();
  return result instanceof Error ? { ...parsed, error: result.code } : parsed;
}
