import { Response } from './response.ts';

/**
 * A response that may be changed. A handler may return the same one each time, and what middleware
 * adds to it would pile up. One that can be sent only once nobody else has.
 */
export function ownResponse(response: Response): Response {
  if (response.constructor !== Response || response._streams) return response;
  const own = Object.assign(new Response(), response);
  own._headers = response._headers === null ? null : response._headers._copy();
  return own;
}
