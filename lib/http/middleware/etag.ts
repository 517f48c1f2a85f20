import { checkFlags, checkOptions } from '../../core/support/options.ts';
import { failedCondition, readConditions } from '../message/conditions.ts';
import { Headers } from '../message/headers.ts';
import type { Middleware, Next } from '../server/middleware-chain.ts';
import type { Request } from '../server/request.ts';
import { Response } from '../server/response.ts';
import type { Coro } from '../../core/support/types.ts';

export interface EtagOptions {
  /**
   * Whether tags are weak, for responses that are equivalent without being the same bytes; false by
   * default.
   */
  weak?: boolean;
}

/** The fields that a 304 leaves out because they describe the content (RFC 9110, 15.4.5). */
const ABOUT_CONTENT = /^content-(?!location)|^transfer-encoding$/;

/**
 * Middleware that gives responses of status 200 to GET and HEAD an ETag, a hash of the body, and
 * answers 304 when the client already has the same content. Streams and files get no tag; a tag
 * that the handler has set is kept, and compared in the same way.
 * @throws TypeError for wrong options
 */
export function etag(options: EtagOptions = {}): Middleware {
  checkOptions('etag()', options, ['weak']);
  checkFlags('etag()', options, ['weak']);
  const { weak = false } = options;
  return (request, next) =>
    request.method === 'GET' || request.method === 'HEAD' ? tagged(request, next, weak) : next();
}

function* tagged(request: Request, next: Next, weak: boolean): Coro<Response> {
  const response = yield* next();
  if (response.status !== 200) return response;
  const body = response._body;
  let tag = response.headers.get('etag');
  if (tag === null) {
    if (typeof body !== 'string' && !(body instanceof Uint8Array)) return response;
    tag = `${weak ? 'W/' : ''}"${hashOf(body)}"`;
    response.headers.set('etag', tag);
  } else if (response._streams) return response;
  const conditions = { ...readConditions(request.headers), ifMatch: null, ifUnmodifiedSince: null };
  if (failedCondition(conditions, { etag: tag, lastModified: null }) !== 304) return response;
  const headers = new Headers();
  for (const [name, value] of response.headers) {
    if (!ABOUT_CONTENT.test(name)) headers.append(name, value);
  }
  return new Response(null, { status: 304, headers });
}

function hashOf(body: string | Uint8Array): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha1').update(body).digest('base64url');
}
