/**
 * Cookies given to a session or a request by the program, and how they combine with those of a jar.
 */
import { describe, quoted } from '../../core/support/describe.ts';
import { TOKEN } from '../message/grammar.ts';
import type { Headers } from '../message/headers.ts';

/** Cookies by name: an object or pairs. */
export type CookiesInit = Record<string, string> | Iterable<readonly [string, string]>;

/** Without `;` and control characters, which would end the value or the header. */
const VALUE = /^[\x20-\x3a\x3c-\x7e\x80-\xff]*$/;

/** @throws TypeError naming the invalid cookie */
export function checkCookie(where: string, cookies: CookiesInit): [string, string][] {
  if (typeof cookies !== 'object' || cookies === null) {
    throw new TypeError(`${where}: cookies must be an object or pairs, not ${describe(cookies)}`);
  }
  const pairs = Symbol.iterator in cookies ? [...cookies] : Object.entries(cookies);
  return pairs.map((pair: unknown) => {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw new TypeError(`${where}: cookies given as an iterable must be [name, value] pairs`);
    }
    const [name, value] = pair as unknown[];
    if (typeof name !== 'string' || !TOKEN.test(name)) {
      throw new TypeError(`${where}: invalid cookie name: ${quoted(name)}`);
    }
    if (typeof value === 'string' && VALUE.test(value)) return [name, value];
    // The message does not show the value: it may be a secret.
    throw new TypeError(
      `${where}: the value of cookie ${name} must be a string without ";" or control characters; ` +
        'encodeURIComponent() makes one of any text',
    );
  });
}

/** Adds cookies to the header, except those that it already has. */
export function addCookies(headers: Headers, cookies: Iterable<readonly [string, string]>): void {
  const given = headers.get('cookie');
  const names = new Set(namesOf(given));
  const added: string[] = [];
  for (const [name, value] of cookies) if (!names.has(name)) added.push(`${name}=${value}`);
  if (added.length === 0) return;
  headers.set('cookie', [...(given === null ? [] : [given]), ...added].join('; '));
}

function namesOf(header: string | null): string[] {
  return header === null ? [] : header.split(';').map((pair) => pair.split('=', 1)[0]!.trim());
}
