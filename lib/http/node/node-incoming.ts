/** Converts our requests to Node's IncomingMessage. */
import type { IncomingMessage } from 'node:http';

import type { Request } from '../server/request.ts';

/** Members of Node's class that its types do not declare. */
export interface Incoming extends IncomingMessage {
  _consuming: boolean;
  _addHeaderLines(raw: string[], count: number): void;
  _dump(): void;
}

/**
 * Creates an IncomingMessage. @param raw - names and values in turn; @param socket - its `socket`
 */
export function incomingOf(
  http: typeof import('node:http'),
  request: Request,
  raw: string[],
  socket: unknown,
): Incoming {
  const incoming = new http.IncomingMessage(socket as never) as Incoming;
  const { httpVersion } = request;
  incoming.httpVersion = httpVersion;
  incoming.httpVersionMajor = 1;
  incoming.httpVersionMinor = httpVersion === '1.1' ? 1 : 0;
  incoming.method = request.method;
  incoming.url = request.target;
  incoming._addHeaderLines(raw, raw.length);
  return incoming;
}
