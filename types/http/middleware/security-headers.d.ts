import type { Middleware } from '../server/middleware-chain.ts';
/** Options of `securityHeaders`: the value of each header field, or false to leave it out. */
export interface SecurityHeadersOptions {
    /**
     * "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'" by default.
     */
    contentSecurityPolicy?: string | false;
    /** 'same-origin' by default. */
    crossOriginOpenerPolicy?: string | false;
    /** 'same-origin' by default. */
    crossOriginResourcePolicy?: string | false;
    /** Left out by default. */
    permissionsPolicy?: string | false;
    /** 'no-referrer' by default. */
    referrerPolicy?: string | false;
    /** 'max-age=15552000; includeSubDomains' by default; sent over https only. */
    strictTransportSecurity?: string | false;
    /** 'nosniff' by default. */
    xContentTypeOptions?: string | false;
    /** 'SAMEORIGIN' by default. */
    xFrameOptions?: string | false;
}
/**
 * Middleware that sets header fields for browser security. A field that a handler has set is kept.
 * @throws TypeError for unknown options, or text that cannot be the value of a header field
 */
export declare function securityHeaders(options?: SecurityHeadersOptions): Middleware;
