import type { CookiesInit } from './own-cookies.ts';
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
export declare class CookieJar {
    #private;
    /** @throws TypeError for unknown or invalid options */
    constructor(options?: CookieJarOptions);
    /** How many cookies it holds, including expired ones that have not been removed yet. */
    get size(): number;
    /**
     * Stores one `Set-Cookie` header received from this URL.
     * @returns whether it was stored: a server may set cookies only for its own domain
     * @throws TypeError unless the header is a string and `url` text or a URL; InvalidURL
     */
    setCookie(header: string, url: string | URL): boolean;
    /**
     * Sets cookies by name and value, as if this host had set them with `Path=/`.
     * @throws TypeError for invalid cookies; InvalidURL
     */
    updateCookies(cookies: CookiesInit, url: string | URL): void;
    /**
     * The cookies that a request to this URL would carry, by name; longer paths come first.
     * @throws TypeError unless `url` is text or a URL; InvalidURL
     */
    filterCookies(url: string | URL): Map<string, string>;
    /**
     * Removes all cookies, or those for which `predicate` returns true.
     * @throws TypeError for an `async` predicate
     */
    clear(predicate?: (cookie: StoredCookie) => boolean): void;
    /** Removes the cookies of a domain and its subdomains. @throws TypeError unless it is a string */
    clearDomain(domain: string): void;
    [Symbol.iterator](): IterableIterator<StoredCookie>;
    /** For `JSON.stringify`; {@link CookieJar.fromJSON} reads it. The values are secrets. */
    toJSON(): object;
    /**
     * A jar with the cookies from `toJSON`, given as an object or as JSON text. Invalid cookies are
     * skipped.
     * @throws TypeError for anything else; SyntaxError for invalid JSON
     */
    static fromJSON(data: unknown, options?: CookieJarOptions): CookieJar;
    toString(): string;
}
/** A jar that stores nothing: requests carry only the cookies given with them. */
export declare class DummyCookieJar extends CookieJar {
    constructor();
    toString(): string;
}
