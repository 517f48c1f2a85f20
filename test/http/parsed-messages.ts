/** What a parser found, in one form for both parsers, so that they can be compared. */

export interface ParsedMessage {
  method: string;
  url: string;
  minor: number;
  status: number;
  reason: string;
  /** Names and values in turn, Latin-1. */
  headers: string[];
  keepAlive: boolean;
  upgrade: boolean;
  /** Latin-1. */
  body: string;
}

export interface Parsed {
  /** The messages that ended. */
  messages: ParsedMessage[];
  /** Why parsing stopped, or undefined. */
  error: string | undefined;
}

/** One connection's worth of bytes, as a test cuts them. Texts are Latin-1. */
export interface Feed {
  kind: 'request' | 'response';
  /** The (first final) response answers a HEAD request. */
  answersHead?: boolean;
  pieces: string[];
}

function connectionHas(message: ParsedMessage, option: string): boolean {
  const { headers } = message;
  return headers.some((value, index) => {
    if (index % 2 === 0 || headers[index - 1]!.toLowerCase() !== 'connection') return false;
    return value.split(',').some((member) => member.trim().toLowerCase() === option);
  });
}

/** What Node's parser sees otherwise than the RFCs. */
function byRfc(message: ParsedMessage): ParsedMessage {
  // What follows a 101 is not HTTP, even if the fields that should come with it are missing.
  if (message.status === 101) return { ...message, upgrade: true };
  if (message.minor === 1) return message;
  return {
    ...message,
    // RFC 9112 section 9.3: close wins over keep-alive.
    keepAlive: message.keepAlive && !connectionHas(message, 'close'),
    // RFC 9110 section 7.8: a server ignores Upgrade in an HTTP/1.0 request.
    upgrade: message.upgrade && message.method === 'CONNECT',
  };
}

/**
 * Leaves out what follows a message that ends the connection or leaves HTTP: whoever drives a
 * parser stops there, and the two parsers differ only in who says so.
 */
export function untilConnectionEnds(parsed: Parsed): Parsed {
  const messages = parsed.messages.map(byRfc);
  const last = messages.findIndex(
    (message) => !message.keepAlive || message.upgrade || connectionHas(message, 'upgrade'),
  );
  if (last < 0) return { messages, error: parsed.error };
  return { messages: messages.slice(0, last + 1), error: undefined };
}
