/** Converts what a handler returned to a Response. */
import type { ReadableStream } from 'node:stream/web';

import { describe } from '../message/outgoing-body.ts';
import { ForeignBody } from './foreign-body.ts';
import { leavePacking, Response } from './response.ts';
import { meetWebClasses } from './web-classes.ts';
import { WebResponse } from './web-response.ts';

/** The properties of WHATWG's Response and similar classes. */
interface ResponseLike {
  status: number;
  statusText?: string;
  headers: Iterable<[string, string]>;
  body: AsyncIterable<Uint8Array> | null;
  bodyUsed?: boolean;
  url?: string;
}

/** @throws TypeError when it is not a response, or its body was already used */
export function toResponse(result: unknown): Response {
  if (result instanceof Response) return result;
  if (result instanceof WebResponse) return WebResponse.toOurs(result);
  meetWebClasses();
  const like = result as ResponseLike | null | undefined;
  if (
    typeof like === 'object' &&
    like !== null &&
    typeof like.status === 'number' &&
    typeof like.headers === 'object' &&
    'body' in like
  ) {
    if (like.bodyUsed === true) throw new TypeError('body of the response was already used');
    const { status, statusText, headers, body } = like;
    const response = new Response(isWebStream(body) ? new ForeignBody(body) : body, {
      status,
      statusText: statusText ?? '',
      headers,
    });
    if (isUnpackedByFetch(like, response)) leavePacking(response.headers);
    return response;
  }
  throw new TypeError(`a handler must return a Response, not ${describe(result)}`);
}

function isWebStream(body: unknown): body is ReadableStream<Uint8Array> {
  return Object.prototype.toString.call(body) === '[object ReadableStream]';
}

/**
 * Whether it comes from `fetch`: then it has a URL, and its body was decompressed while its headers
 * still name the coding. Responses of our own client have a URL, too, but fitting headers.
 */
function isUnpackedByFetch(like: ResponseLike, response: Response): boolean {
  if (typeof like.url !== 'string' || like.url === '' || !isWebStream(like.body)) return false;
  const codings = response._headers?.get('content-encoding') ?? null;
  return codings !== null && codings.split(',').every(isTakenOff);
}

function isTakenOff(coding: string): boolean {
  return /^\s*(?:x-gzip|gzip|deflate|br)\s*$/i.test(coding) || (isZstd(coding) && fetchesZstd());
}

function isZstd(coding: string): boolean {
  return /^\s*zstd\s*$/i.test(coding);
}

/**
 * Whether the global `fetch` decompresses zstd: undici does since 7.11, where zlib can. Node 22 has
 * such a zlib, but undici 6, and passes the body on packed.
 */
function fetchesZstd(): boolean {
  const [major = 0, minor = 0] = (process.versions['undici'] ?? '').split('.').map(Number);
  return (
    (major > 7 || (major === 7 && minor >= 11)) &&
    'createZstdDecompress' in process.getBuiltinModule('node:zlib')
  );
}
