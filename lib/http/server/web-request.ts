/** Lets our requests be used as WHATWG's. Objects of theirs are made only when needed. */
import { IncomingBody } from '../message/incoming-body.ts';
import { standsFor } from '../message/stand-in.ts';
import { webStream } from '../message/web-body.ts';
import { Request } from './request.ts';

/** Members of WHATWG's Request with the same value for every request to a server. */
const MEMBERS = {
  cache: 'default',
  credentials: 'same-origin',
  destination: '',
  duplex: 'half',
  integrity: '',
  isHistoryNavigation: false,
  isReloadNavigation: false,
  keepalive: false,
  mode: 'cors',
  redirect: 'follow',
  referrer: 'about:client',
  referrerPolicy: '',
};

standsFor(
  Request.prototype,
  'Request',
  Object.fromEntries(
    Object.entries(MEMBERS).map(([name, value]) => [name, { value, enumerable: true }]),
  ),
);

const USED = 'Cannot construct a Request with a Request object that has already been used.';

/** The options that a request provides for another one made from it: `fetch(url, request)`. */
function initOf(request: Request, hasBodyOfItsOwn: boolean): RequestInit {
  const { method, headers, signal } = request;
  const init: Record<string, unknown> = { method, headers, signal, duplex: 'half' };
  if (hasBodyOfItsOwn || request._body === null || /^(?:GET|HEAD)$/.test(method)) return init;
  if (request.bodyUsed) throw new TypeError(USED);
  return { ...init, body: webStream(request._body) };
}

/**
 * Converts arguments for WHATWG's Request or `fetch`, so that none of our objects is among them.
 */
export function webArguments(
  input: unknown,
  init: unknown,
): [input: Parameters<typeof fetch>[0], init: RequestInit | undefined] {
  const told = init instanceof Request ? initOf(init, false) : webInit(init);
  if (!(input instanceof Request)) return [input as string, told];
  const own = initOf(input, (told?.body ?? null) !== null);
  return [input.url, { ...own, ...withoutGaps(told) }];
}

function webInit(init: unknown): RequestInit | undefined {
  if (typeof init !== 'object' || init === null) return init as undefined;
  const { body } = init as { body?: unknown };
  if (!(body instanceof IncomingBody)) return init as RequestInit;
  // A request without a body has an empty one here, but must have none there.
  const isNone = body.complete && body.received === 0;
  return { ...allOf(init), duplex: 'half', body: isNone ? null : webStream(body) } as RequestInit;
}

/** A copy that includes inherited properties, such as the getters of a class. */
function allOf(init: object): RequestInit {
  const all: Record<string, unknown> = {};
  for (const name in init) all[name] = (init as Record<string, unknown>)[name];
  return all as RequestInit;
}

function withoutGaps(init: RequestInit | undefined): RequestInit {
  if (init === undefined || init === null) return {};
  return Object.fromEntries(
    Object.entries(allOf(init)).filter(([, value]) => value !== undefined),
  ) as RequestInit;
}
