/** Where a jar keeps its cookies: a store for tough-cookie that is limited in size. */
import type * as tough from 'tough-cookie';

import { loadPackage } from '../message/packages.ts';

/** Most cookies of one domain, as in browsers. */
const DOMAIN_MAX = 180;
/** Most cookies of all domains. */
const COOKIES_MAX = 3000;

type Callback<T> = (error: Error | null, result?: T) => void;
type Tough = typeof tough;

let loaded: Tough | null = null;

/** tough-cookie, loaded with the first cookie since that takes ten milliseconds. */
export function toughCookie(): Tough {
  return (loaded ??= loadPackage<Tough>('tough-cookie'));
}

/**
 * The store interface of tough-cookie. The callbacks are called synchronously.
 *
 * A server may set any number of cookies: when there are too many, expired ones are dropped first,
 * then the oldest.
 */
export class CookieStore {
  readonly synchronous = true;
  /** By domain, then by path and name. */
  readonly #domains: Map<string, Map<string, tough.Cookie>> = new Map();
  /** When each was last set, as a number: cookies in use are dropped last. */
  readonly #setAt: WeakMap<tough.Cookie, number> = new WeakMap();
  #sets = 0;
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
    if (!own.delete(key)) this.size += 1;
    own.set(key, cookie);
    this.#setAt.set(cookie, ++this.#sets);
    if (own.size > DOMAIN_MAX) this.#dropFrom([...own.values()]);
    if (this.size > COOKIES_MAX) this.#dropFrom(this.all());
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

  /** Drops those that have expired or, if none has, the one that was set longest ago. */
  #dropFrom(all: readonly tough.Cookie[]): void {
    const over = all.filter((cookie) => cookie.TTL() <= 0);
    if (over.length > 0) {
      for (const cookie of over) this.remove(cookie);
      return;
    }
    const setAt = (cookie: tough.Cookie): number => this.#setAt.get(cookie)!;
    this.remove(all.reduce((one, other) => (setAt(other) < setAt(one) ? other : one)));
  }
}

function keyOf(path: string, name: string): string {
  return `${path}\n${name}`;
}
