import { checkOptions } from '../../core/support/options.ts';
import { checkValue } from '../message/headers.ts';
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

const DEFAULTS: Required<SecurityHeadersOptions> = {
  contentSecurityPolicy:
    "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'",
  crossOriginOpenerPolicy: 'same-origin',
  crossOriginResourcePolicy: 'same-origin',
  permissionsPolicy: false,
  referrerPolicy: 'no-referrer',
  strictTransportSecurity: 'max-age=15552000; includeSubDomains',
  xContentTypeOptions: 'nosniff',
  xFrameOptions: 'SAMEORIGIN',
};

/**
 * Middleware that sets header fields for browser security. A field that a handler has set is kept.
 * @throws TypeError for unknown options, or text that cannot be the value of a header field
 */
export function securityHeaders(options: SecurityHeadersOptions = {}): Middleware {
  checkOptions('securityHeaders()', options, Object.keys(DEFAULTS));
  const fields: [name: string, value: string][] = [];
  for (const [option, value] of Object.entries({ ...DEFAULTS, ...options })) {
    const name = option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (value === false || value === undefined) continue;
    if (typeof value !== 'string') {
      throw new TypeError(`securityHeaders(): ${option} must be a string or false`);
    }
    fields.push([name, checkValue(name, value)]);
  }
  return (request, next) => {
    const isSecure = request._url().startsWith('https:');
    request.onResponse(({ headers }) => {
      for (const [name, value] of fields) {
        if (name === 'strict-transport-security' && !isSecure) continue;
        if (!headers.has(name)) headers.set(name, value);
      }
    });
    return next();
  };
}
