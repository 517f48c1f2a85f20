import { Response } from './response.ts';

/**
 * A copy of the response that may be changed: a handler may return the same object each time, and
 * changes by middleware would add up. A streamed response can be sent only once, so it is not
 * shared and not copied.
 */
export function ownResponse(response: Response): Response {
  if (response.constructor !== Response || response._streams) return response;
  const own = Object.assign(new Response(), response);
  own._headers = response._headers === null ? null : response._headers._copy();
  return own;
}
