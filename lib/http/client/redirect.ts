/** Where a redirect leads and what is sent there, by aiohttp's rules. */
import { isRepeatable } from './upload.ts';
import type { InvalidURL } from './errors.ts';
import { ClientPayloadError } from './errors.ts';
import { OutgoingRequest, parseUrl, takeCredentials } from './request.ts';
import type { ClientResponse } from './response.ts';
import { RequestTarget } from './request-target.ts';

const STATUSES = new Set([301, 302, 303, 307, 308]);

/** Headers that must not be sent to another origin. */
const PRIVATE = ['authorization', 'cookie', 'proxy-authorization'];
const OF_BODY = [
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'expect',
];

export function isRedirect(response: ClientResponse): boolean {
  return STATUSES.has(response.status) && response.headers.has('location');
}

/**
 * The request for the next hop.
 * @throws ClientPayloadError when the body must be sent again but was a stream; InvalidURL
 */
export function redirected(request: OutgoingRequest, response: ClientResponse): OutgoingRequest {
  const location = response.headers.get('location')!;
  let url: URL;
  let credentials: string | null;
  try {
    // Location holds bytes; those above 127 are taken as UTF-8 that the server did not escape.
    url = parseUrl(Buffer.from(location, 'latin1').toString('utf8'), request.url);
    credentials = takeCredentials(url);
  } catch (error) {
    const invalid = error as InvalidURL;
    invalid.message = `redirected by ${request.url.href}: ${invalid.message}`;
    throw error;
  }
  if (url.hash === '') url.hash = request.url.hash;
  const headers = request.headers._copy();
  headers.delete('host');
  if (url.origin !== request.url.origin) for (const name of PRIVATE) headers.delete(name);
  if (credentials !== null) headers.set('authorization', credentials);
  const { status } = response;
  const toGet =
    (status === 303 && request.method !== 'HEAD') ||
    ((status === 301 || status === 302) && request.method === 'POST');
  if (toGet) {
    for (const name of OF_BODY) headers.delete(name);
    return new OutgoingRequest('GET', new RequestTarget(url), headers, null);
  }
  if (!isRepeatable(request.body)) {
    throw new ClientPayloadError(
      `redirected with ${status}, but the body was a stream and is gone`,
    );
  }
  return new OutgoingRequest(request.method, new RequestTarget(url), headers, request.body);
}
