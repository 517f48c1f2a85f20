/** Where a jar keeps its cookies: a store of tough-cookie's that has bounds. */
import type * as tough from 'tough-cookie';

import { loadPackage } from '../message/packages.ts';

/** Cookies of one domain, as browsers have it. */
const DOMAIN_MAX = 180;
/** Cookies of all domains. */
const COOKIES_MAX = 3000;

type Callback<T> = (error: Error | null, result?: T) => void;
type Tough = typeof tough;

let loaded: Tough | null = null;

/** tough-cookie, which takes ten milliseconds to load: with the first cookie. */
export function toughCookie(): Tough {
  return (loaded ??= loadPackage<Tough>('tough-cookie'));
}

/**
 * What a store is for tough-cookie. It asks with callbacks and is answered at once.
 *
 * A server may set as many cookies as it likes: when there are too many, those that are over go
 * first, then the oldest.
 */
export class CookieStore {
  readonly synchronous = true;
  /** By domain, then by path and name; the oldest stand first. */
  readonly #domains: Map<string, Map<string, tough.Cookie>> = new Map();
  size = 0;

  findCookie(
    domain: string,
    path: string,
    name: string,
    then: Callback<tough.Cookie | undefined>,
  ): void {
    then(null, this.#domains.get(domain)?.get(keyOf(path, name)));
  }

  findCookies(
    domain: string | null,
    path: string | null,
    special: boolean,
    then: Callback<tough.Cookie[]>,
  ): void {
    const { permuteDomain, pathMatch } = toughCookie();
    const names = domain === null ? [] : (permuteDomain(domain, special) ?? [domain]);
    const found: tough.Cookie[] = [];
    for (const name of names) {
      for (const cookie of this.#domains.get(name)?.values() ?? []) {
        if (path === null || pathMatch(path, cookie.path!)) found.push(cookie);
      }
    }
    then(null, found);
  }

  putCookie(cookie: tough.Cookie, then: Callback<void>): void {
    const domain = cookie.domain!;
    const key = keyOf(cookie.path!, cookie.key);
    let own = this.#domains.get(domain);
    if (own === undefined) this.#domains.set(domain, (own = new Map()));
    // One that is set again is the youngest, so that what is used stays.
    if (!own.delete(key)) this.size += 1;
    own.set(key, cookie);
    if (own.size > DOMAIN_MAX) this.#dropFrom([own], domain);
    if (this.size > COOKIES_MAX) this.#dropFrom([...this.#domains.values()], null);
    then(null);
  }

  updateCookie(_old: tough.Cookie, cookie: tough.Cookie, then: Callback<void>): void {
    this.putCookie(cookie, then);
  }

  removeCookie(domain: string, path: string, name: string, then: Callback<void>): void {
    const own = this.#domains.get(domain);
    if (own?.delete(keyOf(path, name)) === true) this.size -= 1;
    if (own?.size === 0) this.#domains.delete(domain);
    then(null);
  }

  removeCookies(domain: string, _path: string | null, then: Callback<void>): void {
    this.size -= this.#domains.get(domain)?.size ?? 0;
    this.#domains.delete(domain);
    then(null);
  }

  removeAllCookies(then: Callback<void>): void {
    this.#domains.clear();
    this.size = 0;
    then(null);
  }

  getAllCookies(then: Callback<tough.Cookie[]>): void {
    then(null, this.all());
  }

  all(): tough.Cookie[] {
    return [...this.#domains.values()].flatMap((own) => [...own.values()]);
  }

  remove(cookie: tough.Cookie): void {
    this.removeCookie(cookie.domain!, cookie.path!, cookie.key, () => {});
  }

  /** Makes room for the one that has just come. */
  #dropFrom(domains: Map<string, tough.Cookie>[], domain: string | null): void {
    const all = domains.flatMap((own) => [...own.values()]);
    const over = all.filter((cookie) => cookie.TTL() <= 0);
    if (over.length > 0) {
      for (const cookie of over) this.remove(cookie);
      return;
    }
    const oldest =
      domain === null ? all.reduce((one, other) => (isOlder(other, one) ? other : one)) : all[0]!;
    this.remove(oldest);
  }
}

function isOlder(one: tough.Cookie, other: tough.Cookie): boolean {
  return (one.creationIndex ?? 0) < (other.creationIndex ?? 0);
}

function keyOf(path: string, name: string): string {
  return `${path}\n${name}`;
}
