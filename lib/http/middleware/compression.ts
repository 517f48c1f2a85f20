import { checkOptions } from '../../core/support/options.ts';
import type { Coro } from '../../core/support/types.ts';
import { acceptedEncodings } from '../message/accept.ts';
import { FileBody } from '../message/file-body.ts';
import { integer, saidAtOnce } from '../message/option-values.ts';
import { describe, sizeOfBody } from '../message/outgoing-body.ts';
import type { BodyStream } from '../message/outgoing-body.ts';
import { isBodyless } from '../message/status.ts';
import type { Middleware, Next } from '../server/middleware-chain.ts';
import { ActingResponse } from '../server/route-kind.ts';
import type { Request } from '../server/request.ts';
import { Response } from '../server/response.ts';
import { isPackable, packAll, packPieces, packers } from './packing.ts';
import type { ContentCoding } from './packing.ts';
import { vary } from './vary.ts';

export interface CompressionOptions {
  /**
   * The minimum size of a body to compress, in bytes; 1024 by default. Streams of unknown length
   * are always compressed.
   */
  threshold?: number;
  /**
   * The content codings, the preferred one first; ['zstd', 'br', 'gzip'] by default, zstd only
   * where Node has it.
   */
  encodings?: readonly ContentCoding[];
  /**
   * Returns whether bodies of this Content-Type are compressed; by default texts, JSON, XML,
   * scripts, SVG, …
   */
  types?: (type: string) => boolean;
}

/**
 * Middleware that compresses response bodies with a coding that the client accepts
 * (Accept-Encoding). Not compressed are bodies that are already compressed, files, partial content
 * (206), responses with `Cache-Control: no-transform`, and types that do not compress well. A
 * stream is flushed after each piece, so that pieces arrive without delay.
 * @throws TypeError, RangeError for wrong options
 */
export function compression(options: CompressionOptions = {}): Middleware {
  checkOptions('compression()', options, ['threshold', 'encodings', 'types']);
  const threshold = integer('threshold', options.threshold ?? 1024, 0, 2 ** 53 - 1);
  const codings = packers(options.encodings);
  const { types = isPackable } = options;
  if (typeof types !== 'function') {
    throw new TypeError(`compression(): types must be a function, not ${describe(types)}`);
  }

  function* packed(request: Request, next: Next): Coro<Response> {
    const response = yield* next();
    if (!shrinks(response, threshold, types)) return response;
    vary(response.headers, 'accept-encoding');
    const coding = acceptedEncodings(request.headers, [...codings, 'identity'])[0] as
      | ContentCoding
      | 'identity'
      | undefined;
    if (coding === undefined || coding === 'identity') return response;
    if (!request.headers.has('accept-encoding')) return response;
    const { headers, _body: body } = response;
    if (request.method === 'HEAD') response._body = null;
    else if (typeof body === 'string' || body instanceof Uint8Array) {
      response._body = yield* packAll(coding, body);
    } else response._body = packPieces(coding, body as BodyStream | Blob);
    headers.set('content-encoding', coding);
    headers.delete('content-length');
    const tag = headers.get('etag');
    // Weak: the same content, but different bytes.
    if (tag !== null && !tag.startsWith('W/')) headers.set('etag', `W/${tag}`);
    return response;
  }
  return packed;
}

function shrinks(response: Response, threshold: number, types: (type: string) => boolean): boolean {
  const { status, _body: body } = response;
  if (body === null || response instanceof ActingResponse) return false;
  if (body instanceof FileBody) return false;
  if (isBodyless(status) || status === 206) return false;
  const { headers } = response;
  if (headers.has('content-encoding') || headers.has('content-range')) return false;
  if (/\bno-transform\b/i.test(headers.get('cache-control') ?? '')) return false;
  const type = headers.get('content-type');
  if (type === null || !saidAtOnce('compression(): types', types(type))) return false;
  const size = sizeOfBody(body);
  return size === null || size >= threshold;
}
