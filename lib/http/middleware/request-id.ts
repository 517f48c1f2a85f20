import { checkFlags, checkOptions } from '../../core/support/options.ts';
import { describe } from '../message/outgoing-body.ts';
import { checkName } from '../message/headers.ts';
import { saidAtOnce } from '../message/option-values.ts';
import { ContextKey } from '../server/context-key.ts';
import type { Middleware } from '../server/middleware-chain.ts';
import type { Request } from '../server/request.ts';

/** The id that `requestId` gave to a request: `request.get(REQUEST_ID)`. */
export const REQUEST_ID: ContextKey<string> = new ContextKey<string>('request id');

export interface RequestIdOptions {
  /** The field of the answer that has the id, and of the request; 'x-request-id' by default. */
  header?: string;
  /** Takes the id that a request brings with it, as one does behind a proxy that makes them. */
  trust?: boolean;
  /** Makes an id; a random UUID by default. */
  generate?: (request: Request) => string;
}

/** An id that may stand in a head, and in a log. */
const FOREIGN = /^[\w.:/+=@-]{1,128}$/;

/**
 * Middleware that gives each request an id, which the answer has, too.
 * @throws TypeError for options that do not exist
 */
export function requestId(options: RequestIdOptions = {}): Middleware {
  checkOptions('requestId()', options, ['header', 'trust', 'generate']);
  checkFlags('requestId()', options, ['trust']);
  const { trust = false, generate = () => crypto.randomUUID() } = options;
  const header = checkName(options.header ?? 'x-request-id');
  if (typeof generate !== 'function') {
    throw new TypeError(`requestId(): generate must be a function, not ${describe(generate)}`);
  }
  return (request, next) => {
    const given = trust ? request.headers.get(header) : null;
    const id =
      given !== null && FOREIGN.test(given)
        ? given
        : saidAtOnce('requestId(): generate', generate(request));
    request.set(REQUEST_ID, id);
    request.onResponse((response) => response.headers.set(header, id));
    return next();
  };
}
