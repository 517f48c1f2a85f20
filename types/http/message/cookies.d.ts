import type { Duration } from '../../core/support/duration.ts';
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
