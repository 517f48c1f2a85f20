import type { Duration } from '../../core/support/duration.ts';
import { toSeconds } from '../../core/support/duration.ts';
import { checkFlags, checkOptions } from '../../core/support/options.ts';
import { TOKEN } from '../message/grammar.ts';
import type { Headers } from '../message/headers.ts';
import { saidAtOnce } from '../message/option-values.ts';
import { describe } from '../message/outgoing-body.ts';
import type { Middleware } from '../server/middleware-chain.ts';
import type { Request } from '../server/request.ts';
import { Response } from '../server/response.ts';
import { vary } from './vary.ts';

export interface CorsOptions {
  /**
   * The origins that may read responses: '*' for all (the default), one or several such as
   * 'https://example.com', or a function that returns whether an origin may.
   */
  origin?: string | readonly string[] | ((origin: string, request: Request) => boolean);
  /** The methods they may use; GET, HEAD, PUT, PATCH, POST and DELETE by default. */
  methods?: readonly string[];
  /** The request headers they may send; by default those that they ask for. */
  allowedHeaders?: readonly string[];
  /** The response headers they may read, in addition to those that are always readable. */
  exposedHeaders?: readonly string[];
  /**
   * Whether requests may include credentials such as cookies; false by default. Not allowed with
   * the origin '*'.
   */
  credentials?: boolean;
  /**
   * How long browsers may cache the answer to a preflight: seconds, or a string with a unit. Not
   * sent by default; browsers then use 5 s.
   */
  maxAge?: Duration;
}

const NAMES = ['origin', 'methods', 'allowedHeaders', 'exposedHeaders', 'credentials', 'maxAge'];
const METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'];

type Allows = (origin: string, request: Request) => boolean;

/**
 * Middleware that lets pages of other origins read responses, and answers preflight requests of
 * browsers itself. Put it before middleware that refuses requests without credentials.
 * @throws TypeError for wrong options, and for `credentials` with the origin '*'
 */
export function cors(options: CorsOptions = {}): Middleware {
  checkOptions('cors()', options, NAMES);
  checkFlags('cors()', options, ['credentials']);
  const { origin = '*', credentials = false } = options;
  if (origin === '*' && credentials) {
    throw new TypeError("cors(): credentials go to no origin '*'; name the origins");
  }
  const allows = origin === '*' ? null : allowance(origin);
  const methods = list('methods', options.methods ?? METHODS)!;
  const allowed = list('allowedHeaders', options.allowedHeaders);
  const exposed = list('exposedHeaders', options.exposedHeaders);
  const maxAge =
    options.maxAge === undefined ? null : String(Math.floor(toSeconds(options.maxAge, 'maxAge')));

  /** Sets the headers for the requesting origin. @returns whether it may read the response */
  const admit = (headers: Headers, request: Request): boolean => {
    if (allows !== null) vary(headers, 'origin');
    const asking = request.headers.get('origin');
    if (asking === null || (allows !== null && !allows(asking, request))) return false;
    headers.set('access-control-allow-origin', allows === null ? '*' : asking);
    if (credentials) headers.set('access-control-allow-credentials', 'true');
    return true;
  };

  const preflight = (request: Request): Response => {
    const response = new Response(null, { status: 204 });
    const { headers } = response;
    if (!admit(headers, request)) return response;
    headers.set('access-control-allow-methods', methods);
    const asked = request.headers.get('access-control-request-headers');
    if (allowed === null) vary(headers, 'access-control-request-headers');
    const answer = allowed ?? asked;
    if (answer !== null && answer !== '') headers.set('access-control-allow-headers', answer);
    if (maxAge !== null) headers.set('access-control-max-age', maxAge);
    return response;
  };

  return (request, next) => {
    if (
      request.method === 'OPTIONS' &&
      request.headers.has('origin') &&
      request.headers.has('access-control-request-method')
    ) {
      return preflight(request);
    }
    request.onResponse(({ headers }) => {
      if (admit(headers, request) && exposed !== null) {
        headers.set('access-control-expose-headers', exposed);
      }
    });
    return next();
  };
}

function allowance(origin: unknown): Allows {
  if (typeof origin === 'function') {
    return (asking, request) => saidAtOnce('cors(): origin', (origin as Allows)(asking, request));
  }
  const origins = new Set((Array.isArray(origin) ? origin : [origin]).map(checkOrigin));
  return (asking) => origins.has(asking);
}

/** An origin as browsers send it: one with a trailing slash would never match. */
function checkOrigin(origin: unknown): string {
  if (origin === 'null') return origin;
  if (typeof origin === 'string' && URL.canParse(origin) && !origin.endsWith('/')) return origin;
  throw new TypeError(
    `cors(): origin must be like 'https://example.com', not ${
      typeof origin === 'string' ? `'${origin}'` : describe(origin)
    }`,
  );
}

function list(name: string, given: readonly string[] | undefined): string | null {
  if (given === undefined) return null;
  if (Array.isArray(given) && given.every((one) => TOKEN.test(one as string))) {
    return given.join(', ');
  }
  throw new TypeError(`cors(): ${name} must be an array of names, not ${describe(given)}`);
}
