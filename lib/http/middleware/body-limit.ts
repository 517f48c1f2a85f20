import { HttpError } from '../message/http-error.ts';
import { integer } from '../message/option-values.ts';
import type { Middleware } from '../server/middleware-chain.ts';
import { RequestExtras } from '../server/request-extras.ts';

/**
 * Middleware that accepts request bodies of at most this many bytes; larger ones get a 413. It can
 * lower the server's `maxBodySize`, but not raise it.
 * @throws TypeError, RangeError unless `bytes` is an integer of 0 or more
 */
export function bodyLimit(bytes: number): Middleware {
  const most = integer('bodyLimit()', bytes, 0, 2 ** 53 - 1);
  return (request, next) => {
    const body = request._body;
    if (body === null) return next();
    const declared = request._declaredLength();
    if ((declared !== Infinity && declared > most) || body.received > most) {
      throw new HttpError(413);
    }
    (request._extras ??= new RequestExtras()).maxBodySize = most;
    return next();
  };
}
