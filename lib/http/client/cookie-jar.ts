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
   * Whether hosts that are IP addresses may set cookies; false by default, as in aiohttp, since
   * whose an address is may change.
   */
  unsafe?: boolean;
}

/** A cookie as a jar has it. */
export interface StoredCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
  /** Whether it is for this host alone, and not for those below it. */
  readonly hostOnly: boolean;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: string | null;
  /** When it is over; null when it lasts as long as the jar. */
  readonly expires: Date | null;
}

/** Bytes of a name and a value together, and of an attribute (RFC 6265bis, 5.6). */
const COOKIE_MAX = 4096;
const ATTRIBUTE_MAX = 1024;

/** What may stand in a header, less tabs: received bytes are taken for Latin-1. */
const SENDABLE = /^[\x20-\x7e\x80-\xff]*$/;

/**
 * The cookies of a session: what servers set, for whom and how long they set it (RFC 6265, by
 * tough-cookie, which also knows that nobody owns `co.uk`). Each session has one of its own unless
 * it is given one, which several may share.
 *
 * It keeps 180 cookies of a domain and 3000 in all, each of at most 4096 bytes: the oldest go.
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
  /** Made with the first cookie. */
  #jar: tough.CookieJar | null = null;

  /** @throws TypeError for options that there are not */
  constructor(options: CookieJarOptions = {}) {
    checkOptions('CookieJar', options, ['unsafe']);
    checkFlags('CookieJar', options, ['unsafe']);
    this.#unsafe = options.unsafe === true;
  }

  /**
   * How many cookies it has, those among them that are over and that nobody has asked for since.
   */
  get size(): number {
    return this.#store.size;
  }

  /**
   * Takes one `Set-Cookie` header that came from this URL.
   * @returns whether it was taken: a server may set cookies only for itself
   * @throws TypeError, InvalidURL for anything but a header and a URL
   */
  setCookie(header: string, url: string | URL): boolean {
    if (typeof header !== 'string') {
      throw new TypeError(`setCookie(): the header must be a string, not ${describe(header)}`);
    }
    return this._take(header, parseUrl(url));
  }

  /**
   * Sets cookies by name and value, as if this host had set them.
   * @throws TypeError for what can be no cookie; InvalidURL
   */
  updateCookies(cookies: CookiesInit, url: string | URL): void {
    const from = parseUrl(url);
    for (const [name, value] of checkCookie('updateCookies()', cookies)) {
      this._take(`${name}=${value}; Path=/`, from);
    }
  }

  /**
   * The cookies that a request to this URL carries, by name; longer paths come first.
   * @throws TypeError, InvalidURL for anything but a URL
   */
  filterCookies(url: string | URL): Map<string, string> {
    return this._cookiesFor(parseUrl(url));
  }

  /**
   * Drops all cookies, or those of which `predicate` says so.
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

  /** Drops the cookies of a domain and of those below it. */
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

  /** For `JSON.stringify`; {@link CookieJar.fromJSON} reads it. It has secrets in it. */
  toJSON(): object {
    return { cookies: this.#store.all().map((cookie) => cookie.toJSON()) };
  }

  /**
   * A jar with the cookies that `toJSON` gave, as an object or as text.
   * @throws TypeError for anything else
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

  /** @internal By name, as they go out. */
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

/** A jar that keeps nothing: cookies are what each request says. */
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
