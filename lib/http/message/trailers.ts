/** Trailers: fields after a body (RFC 9110, 6.5), which only a chunked body can have. */
import { describe } from '../../core/support/describe.ts';
import { Headers } from './headers.ts';
import type { HeadersInit, ReadonlyHeaders } from './headers.ts';

/** Trailers: fields, or a function that returns them once the body was sent. */
export type TrailersInit = HeadersInit | ReadonlyHeaders | (() => HeadersInit | ReadonlyHeaders);

/**
 * Fields for the framing, routing or interpretation of a message: after the body they come too
 * late.
 */
const EARLY =
  /^(?:transfer-encoding|content-(?:length|encoding|type|range)|host|trailer|te|connection|keep-alive|upgrade|expect|cache-control|max-forwards|range|if-.*|(?:proxy-)?auth.*|www-authenticate|proxy-authenticate|set-cookie|cookie|age|date|expires|location|retry-after|vary|warning)$/;

/** @param name - in lower case */
export function isTooLate(name: string): boolean {
  return EARLY.test(name);
}

/** @throws TypeError when it cannot be trailers */
export function checkTrailersInit(init: TrailersInit): TrailersInit {
  if (typeof init === 'function') return init;
  if (typeof init !== 'object' || init === null) {
    throw new TypeError(`trailers must be an object, pairs or a function, not ${describe(init)}`);
  }
  return checkTrailers(init);
}

/** @throws TypeError for a field that is not allowed after a body */
export function checkTrailers(init: HeadersInit | ReadonlyHeaders): Headers {
  const fields = new Headers(init);
  for (const name of fields.keys()) {
    if (isTooLate(name))
      throw new TypeError(`${name} may not be a trailer: it comes too late there`);
  }
  return fields;
}

/** The lines after the last chunk. */
export function trailerLines(init: TrailersInit): string {
  let lines = '';
  const fields = checkTrailers(typeof init === 'function' ? init() : init);
  for (const [name, value] of fields) lines += `${name}: ${value}\r\n`;
  return lines;
}
