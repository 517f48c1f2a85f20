import type { Duration } from '../../core/support/duration.ts';
/** Who gets a cookie, and how: what a browser knows it by, and what it must be deleted with. */
export interface DeleteCookieOptions {
    /** The hosts that get it: this one and all below; without it the host that set it alone. */
    domain?: string;
    /** The paths that get it; '/' by default, which is all of them. */
    path?: string;
    /** Only over HTTPS. */
    secure?: boolean;
    /** Scripts of the page do not see it. */
    httpOnly?: boolean;
    /** Whether it is sent with what other sites ask for; 'none' needs `secure`. */
    sameSite?: 'strict' | 'lax' | 'none';
    /** A cookie of its own for each site that embeds this one; needs `secure`. */
    partitioned?: boolean;
    /** Which are dropped first, in browsers that know it. */
    priority?: 'low' | 'medium' | 'high';
}
/** What a cookie is set with, beside its name and value. */
export interface CookieOptions extends DeleteCookieOptions {
    /** How long it is kept: seconds or a string with a unit; without it and `expires`, a session. */
    maxAge?: Duration;
    /** When it is dropped; `maxAge` comes before it. */
    expires?: Date;
}
