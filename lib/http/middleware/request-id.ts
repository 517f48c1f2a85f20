import { checkFlags, checkOptions } from '../../core/support/options.ts';
import { describe } from '../message/outgoing-body.ts';
import { checkName } from '../message/headers.ts';
import { saidAtOnce } from '../message/option-values.ts';
import { ContextKey } from '../server/context-key.ts';
import type { Middleware } from '../server/middleware-chain.ts';
import type { Request } from '../server/request.ts';

/** The key of the id that `requestId` assigned to a request: `request.get(REQUEST_ID)`. */
export const REQUEST_ID: ContextKey<string> = new ContextKey<string>('request id');

export interface RequestIdOptions {
  /**
   * The header field for the id, of the response and (with `trust`) of the request; 'x-request-id'
   * by default.
   */
  header?: string;
  /**
   * Whether to accept an id sent with the request, as behind a proxy that assigns ids; false by
   * default.
   */
  trust?: boolean;
  /** Creates an id; a random UUID by default. */
  generate?: (request: Request) => string;
}

/** The ids accepted from requests: safe in a header field and in a log. */
const FOREIGN = /^[\w.:/+=@-]{1,128}$/;

/**
 * Middleware that assigns an id to each request and adds it to the response.
 * @throws TypeError for wrong options
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
