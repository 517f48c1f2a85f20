import type * as tough from 'tough-cookie';

import { describe } from '../../core/support/describe.ts';
import { checkFlags, checkOptions } from '../../core/support/options.ts';
import { showsText } from '../../core/support/shows-text.ts';
import { numericFamily } from '../../io/resolver.ts';
import { saidAtOnce } from '../message/option-values.ts';
import { CookieStore, toughCookie } from './cookie-store.ts';
import { checkCookie } from './own-cookies.ts';
import type { CookiesInit } from './own-cookies.ts';
import { parseUrl } from './request.ts';

/** Options of a {@link CookieJar}. */
export interface CookieJarOptions {
  /**
   * Whether hosts that are IP addresses may set cookies; default false, as in aiohttp, because an
   * address can change hands.
   */
  unsafe?: boolean;
}

/** A cookie as a jar holds it. */
export interface StoredCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
  /** Whether it applies to this host only, not to its subdomains. */
  readonly hostOnly: boolean;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  /** `'strict'`, `'lax'` or `'none'`; null when the server did not say. Not enforced. */
  readonly sameSite: string | null;
  /** When it expires; null when it lasts as long as the jar. */
  readonly expires: Date | null;
}

/** Largest length of name and value together, and of an attribute, in bytes (RFC 6265bis, 5.6). */
const COOKIE_MAX = 4096;
const ATTRIBUTE_MAX = 1024;

/** Characters allowed in a header, without tabs; received bytes are decoded as Latin-1. */
const SENDABLE = /^[\x20-\x7e\x80-\xff]*$/;

/**
 * The cookies of a session: which servers set them, for which URLs and for how long (RFC 6265; done
 * by tough-cookie, which also knows public suffixes such as `co.uk`). Each session creates its own
 * unless one is given, which may be shared.
 *
 * It holds 180 cookies per domain and 3000 in all, each of at most 4096 bytes; beyond that, expired
 * ones are dropped first, then the oldest.
 *
 * @example
 * const jar = new CookieJar();
 * const session = new ClientSession({ cookieJar: jar });
 * yield* session.post('https://example.org/login', { data: { name, password } });
 * for (const { name, value } of jar) console.log(name, value);
 */
export class CookieJar {
  readonly #unsafe: boolean;
  readonly #store: CookieStore = new CookieStore();
  /** Created with the first cookie. */
  #jar: tough.CookieJar | null = null;

  /** @throws TypeError for unknown or invalid options */
  constructor(options: CookieJarOptions = {}) {
    checkOptions('CookieJar', options, ['unsafe']);
    checkFlags('CookieJar', options, ['unsafe']);
    this.#unsafe = options.unsafe === true;
  }

  /** How many cookies it holds, including expired ones that have not been removed yet. */
  get size(): number {
    return this.#store.size;
  }

  /**
   * Stores one `Set-Cookie` header received from this URL.
   * @returns whether it was stored: a server may set cookies only for its own domain
   * @throws TypeError unless the header is a string and `url` text or a URL; InvalidURL
   */
  setCookie(header: string, url: string | URL): boolean {
    if (typeof header !== 'string') {
      throw new TypeError(`setCookie(): the header must be a string, not ${describe(header)}`);
    }
    return this._take(header, parseUrl(url));
  }

  /**
   * Sets cookies by name and value, as if this host had set them with `Path=/`.
   * @throws TypeError for invalid cookies; InvalidURL
   */
  updateCookies(cookies: CookiesInit, url: string | URL): void {
    const from = parseUrl(url);
    for (const [name, value] of checkCookie('updateCookies()', cookies)) {
      this._take(`${name}=${value}; Path=/`, from);
    }
  }

  /**
   * The cookies that a request to this URL would carry, by name; longer paths come first.
   * @throws TypeError unless `url` is text or a URL; InvalidURL
   */
  filterCookies(url: string | URL): Map<string, string> {
    return this._cookiesFor(parseUrl(url));
  }

  /**
   * Removes all cookies, or those for which `predicate` returns true.
   * @throws TypeError for an `async` predicate
   */
  clear(predicate?: (cookie: StoredCookie) => boolean): void {
    if (predicate === undefined) {
      this.#store.removeAllCookies(() => {});
      return;
    }
    for (const cookie of this.#store.all()) {
      if (saidAtOnce('clear(): predicate', predicate(stored(cookie)))) this.#store.remove(cookie);
    }
  }

  /** Removes the cookies of a domain and its subdomains. @throws TypeError unless it is a string */
  clearDomain(domain: string): void {
    if (typeof domain !== 'string') {
      throw new TypeError(`clearDomain(): domain must be a string, not ${describe(domain)}`);
    }
    const name = domain.toLowerCase();
    this.clear((cookie) => cookie.domain === name || cookie.domain.endsWith(`.${name}`));
  }

  *[Symbol.iterator](): IterableIterator<StoredCookie> {
    for (const cookie of this.#store.all()) if (cookie.TTL() > 0) yield stored(cookie);
  }

  /** For `JSON.stringify`; {@link CookieJar.fromJSON} reads it. The values are secrets. */
  toJSON(): object {
    return { cookies: this.#store.all().map((cookie) => cookie.toJSON()) };
  }

  /**
   * A jar with the cookies from `toJSON`, given as an object or as JSON text. Invalid cookies are
   * skipped.
   * @throws TypeError for anything else; SyntaxError for invalid JSON
   */
  static fromJSON(data: unknown, options: CookieJarOptions = {}): CookieJar {
    const given = typeof data === 'string' ? (JSON.parse(data) as unknown) : data;
    const { cookies } = (given ?? {}) as { cookies?: unknown };
    if (!Array.isArray(cookies)) {
      throw new TypeError(`fromJSON(): ${describe(given)} is not what toJSON() gives`);
    }
    const jar = new CookieJar(options);
    for (const each of cookies as unknown[]) {
      const cookie = toughCookie().Cookie.fromJSON(each);
      if (cookie?.domain == null || cookie.path == null || !isSmall(cookie)) continue;
      jar.#store.putCookie(cookie, () => {});
    }
    return jar;
  }

  toString(): string {
    return `<CookieJar ${this.size} cookies>`;
  }

  /** @internal */
  _take(header: string, url: URL): boolean {
    if (!this._allows(url) || !SENDABLE.test(header)) return false;
    const cookie = toughCookie().parse(header);
    if (cookie === undefined || !isSmall(cookie)) return false;
    this.#jar ??= new (toughCookie().CookieJar)(this.#store as unknown as tough.Store);
    return this.#jar.setCookieSync(cookie, url, { ignoreError: true }) !== undefined;
  }

  /** @internal Cookies for a request, in the order in which they are sent. */
  _cookiesFor(url: URL): Map<string, string> {
    const found = new Map<string, string>();
    if (this.size === 0 || !this._allows(url)) return found;
    this.#jar ??= new (toughCookie().CookieJar)(this.#store as unknown as tough.Store);
    for (const { key, value } of this.#jar.getCookiesSync(url)) {
      if (!found.has(key)) found.set(key, value);
    }
    return found;
  }

  /** @internal Whether this host may have cookies. */
  _allows(url: URL): boolean {
    return this.#unsafe || numericFamily(url.hostname.replace(/^\[|\]$/g, '')) === 0;
  }
}

showsText(CookieJar);

/** A jar that stores nothing: requests carry only the cookies given with them. */
export class DummyCookieJar extends CookieJar {
  constructor() {
    super();
  }

  /** @internal */
  override _take(): boolean {
    return false;
  }

  override toString(): string {
    return '<DummyCookieJar>';
  }
}

function isSmall({ key, value, domain, path }: tough.Cookie): boolean {
  return (
    key.length + value.length <= COOKIE_MAX &&
    (domain?.length ?? 0) <= ATTRIBUTE_MAX &&
    (path?.length ?? 0) <= ATTRIBUTE_MAX
  );
}

function stored(cookie: tough.Cookie): StoredCookie {
  const time = cookie.expiryTime() ?? Infinity;
  return {
    name: cookie.key,
    value: cookie.value,
    domain: cookie.domain ?? '',
    path: cookie.path ?? '/',
    hostOnly: cookie.hostOnly === true,
    secure: cookie.secure,
    httpOnly: cookie.httpOnly,
    sameSite: cookie.sameSite ?? null,
    expires: Number.isFinite(time) ? new Date(time) : null,
  };
}
