import type { CookiesInit } from './own-cookies.ts';
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
export declare class CookieJar {
    #private;
    /** @throws TypeError for options that there are not */
    constructor(options?: CookieJarOptions);
    /**
     * How many cookies it has, those among them that are over and that nobody has asked for since.
     */
    get size(): number;
    /**
     * Takes one `Set-Cookie` header that came from this URL.
     * @returns whether it was taken: a server may set cookies only for itself
     * @throws TypeError, InvalidURL for anything but a header and a URL
     */
    setCookie(header: string, url: string | URL): boolean;
    /**
     * Sets cookies by name and value, as if this host had set them.
     * @throws TypeError for what can be no cookie; InvalidURL
     */
    updateCookies(cookies: CookiesInit, url: string | URL): void;
    /**
     * The cookies that a request to this URL carries, by name; longer paths come first.
     * @throws TypeError, InvalidURL for anything but a URL
     */
    filterCookies(url: string | URL): Map<string, string>;
    /**
     * Drops all cookies, or those of which `predicate` says so.
     * @throws TypeError for an `async` predicate
     */
    clear(predicate?: (cookie: StoredCookie) => boolean): void;
    /** Drops the cookies of a domain and of those below it. */
    clearDomain(domain: string): void;
    [Symbol.iterator](): IterableIterator<StoredCookie>;
    /** For `JSON.stringify`; {@link CookieJar.fromJSON} reads it. It has secrets in it. */
    toJSON(): object;
    /**
     * A jar with the cookies that `toJSON` gave, as an object or as text.
     * @throws TypeError for anything else
     */
    static fromJSON(data: unknown, options?: CookieJarOptions): CookieJar;
    toString(): string;
}
/** A jar that keeps nothing: cookies are what each request says. */
export declare class DummyCookieJar extends CookieJar {
    constructor();
    toString(): string;
}
