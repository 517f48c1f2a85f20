/** Cookies, by the package `cookie`. */
import { describe, quoted } from '../../core/support/describe.ts';
import type { Duration } from '../../core/support/duration.ts';
import { toSeconds } from '../../core/support/duration.ts';
import { checkFlags, checkOptions } from '../../core/support/options.ts';
import { TOKEN } from './grammar.ts';
import type { ReadonlyHeaders } from './headers.ts';
import { loadPackage } from './packages.ts';

/**
 * The attributes of a cookie without its lifetime. A cookie must be deleted with the same domain
 * and path that it was set with.
 */
export interface DeleteCookieOptions {
  /** Sends it to this host and all subdomains; without it, only to the host that set it. */
  domain?: string;
  /** Sends it only for this path and those below; '/' by default, which is all paths. */
  path?: string;
  /** Sends it only over HTTPS. */
  secure?: boolean;
  /** Hides it from scripts of the page. */
  httpOnly?: boolean;
  /** Whether it is sent with requests from other sites; 'none' (always) needs `secure`. */
  sameSite?: 'strict' | 'lax' | 'none';
  /** Keeps a separate cookie for each site that embeds this one; needs `secure`. */
  partitioned?: boolean;
  /** Which cookies a browser drops first, if it supports that. */
  priority?: 'low' | 'medium' | 'high';
}

/** The attributes of a cookie. */
export interface CookieOptions extends DeleteCookieOptions {
  /**
   * How long it is kept: seconds, or a string with a unit; without this and `expires`, for the
   * session.
   */
  maxAge?: Duration;
  /** When it expires; `maxAge` takes precedence. */
  expires?: Date;
}

interface CookiePackage {
  parseCookie(text: string): Record<string, string | undefined>;
  stringifySetCookie(cookie: object): string;
}

const NAMES = [
  'maxAge',
  'expires',
  'domain',
  'path',
  'secure',
  'httpOnly',
  'sameSite',
  'partitioned',
  'priority',
];
const CHOICES = { sameSite: ['strict', 'lax', 'none'], priority: ['low', 'medium', 'high'] };

/** The maximum length of a cookie's name and value that browsers keep (RFC 6265bis, 5.6). */
const NAME_AND_VALUE_MAX = 4096;

let loaded: CookiePackage | null = null;

function cookiePackage(): CookiePackage {
  return (loaded ??= loadPackage<CookiePackage>('cookie'));
}

/**
 * The cookies of a message, decoded; of several with the same name the first counts. The object has
 * no prototype.
 */
export function readCookies(headers: ReadonlyHeaders): Record<string, string> {
  let text = '';
  // Join several fields with a semicolon: a comma does not separate cookies.
  for (const [name, value] of headers) {
    if (name === 'cookie') text = text === '' ? value : `${text}; ${value}`;
  }
  const cookies: Record<string, string> = Object.create(null);
  if (text !== '') Object.assign(cookies, cookiePackage().parseCookie(text));
  return cookies;
}

/**
 * The value of a Set-Cookie field.
 * @throws TypeError or RangeError for a cookie that browsers would refuse, or that would break the
 *   field
 */
export function cookieLine(
  where: string,
  name: unknown,
  value: unknown,
  options: CookieOptions,
): string {
  checkOptions(where, options, NAMES);
  checkFlags(where, options, ['secure', 'httpOnly', 'partitioned']);
  if (typeof name !== 'string' || !TOKEN.test(name)) {
    throw new TypeError(`${where}: ${quoted(name)} is no name of a cookie`);
  }
  if (typeof value !== 'string') {
    throw new TypeError(`${where}: value must be a string, not ${describe(value)}`);
  }
  const { maxAge, expires, path = '/', domain } = options;
  for (const [option, given] of Object.entries({ path, domain })) {
    if (given !== undefined && typeof given !== 'string') {
      throw new TypeError(`${where}: ${option} must be a string, not ${describe(given)}`);
    }
  }
  for (const [option, known] of Object.entries(CHOICES)) {
    const given = options[option as keyof CookieOptions];
    if (given !== undefined && !known.includes(given as string)) {
      throw new TypeError(
        `${where}: ${option} must be ${known.join(', ')}, not ${describe(given)}`,
      );
    }
  }
  if (expires !== undefined && !(expires instanceof Date && !Number.isNaN(expires.getTime()))) {
    throw new TypeError(`${where}: expires must be a valid Date, not ${describe(expires)}`);
  }
  checkPrefix(where, name, options, path);
  const line = cookiePackage().stringifySetCookie({
    ...options,
    name,
    value: encodeValue(where, value),
    path,
    maxAge: maxAge === undefined ? undefined : wholeSeconds(where, maxAge),
  });
  if (name.length + value.length > NAME_AND_VALUE_MAX) {
    throw new RangeError(
      `${where}: name and value have ${name.length + value.length} characters, and browsers ` +
        `drop what has more than ${NAME_AND_VALUE_MAX}`,
    );
  }
  return line;
}

/** Checks that the value can be encoded; the package encodes it. */
function encodeValue(where: string, value: string): string {
  try {
    encodeURIComponent(value);
    return value;
  } catch {
    throw new TypeError(`${where}: value has half of a character (a lone surrogate)`);
  }
}

function wholeSeconds(where: string, maxAge: Duration): number {
  const seconds = toSeconds(maxAge, 'maxAge');
  if (Number.isFinite(seconds)) return Math.max(0, Math.floor(seconds));
  throw new RangeError(`${where}: maxAge must be finite, not ${seconds}`);
}

/** Checks rules of browsers, which drop cookies that break them. */
function checkPrefix(where: string, name: string, options: CookieOptions, path: string): void {
  const { secure, domain, sameSite, partitioned } = options;
  const prefix = /^__(?:secure|host)-/i.exec(name)?.[0].toLowerCase() ?? '';
  const needs =
    sameSite === 'none' ? "sameSite: 'none'" : partitioned === true ? 'partitioned' : prefix;
  if (needs !== '' && secure !== true) throw new TypeError(`${where}: ${needs} needs secure: true`);
  if (prefix === '__host-' && (domain !== undefined || path !== '/')) {
    throw new TypeError(`${where}: a __Host- cookie has the path / and no domain`);
  }
}
