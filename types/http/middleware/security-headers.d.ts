import type { Middleware } from '../server/middleware-chain.ts';
/** The value of a field, or false to leave it out. */
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
 * Middleware that tells browsers to be careful. What a handler has set stays.
 * @throws TypeError for options that do not exist, or what cannot be the value of a field
 */
export declare function securityHeaders(options?: SecurityHeadersOptions): Middleware;
