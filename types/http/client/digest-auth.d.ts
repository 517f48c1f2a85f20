import type { Credentials } from './basic-auth.ts';
import type { ClientMiddleware } from './middleware.ts';
/** Options of {@link digestAuth}. */
export interface DigestAuthOptions extends Credentials {
    /** The origin whose challenges are answered; default: that of the first request. */
    origin?: string | URL;
    /** Whether later requests carry credentials without being challenged; default true. */
    preemptive?: boolean;
}
/**
 * A middleware that answers Digest challenges (RFC 7616: MD5, SHA-256 and SHA-512-256, with and
 * without `-sess`; `auth` and `auth-int`), choosing the strongest algorithm offered. The password
 * itself is never sent, and other origins than the first get no credentials.
 *
 * A request whose body is a stream cannot be sent again: its 401 response is returned, as is that
 * of a request with a form when the server offers `auth-int` alone, for which the body is hashed.
 *
 * @throws TypeError unless user name and password are strings; InvalidURL for `origin`
 * @example
 * const session = new ClientSession({
 *   middlewares: [digestAuth({ username: 'me', password: 'secret' })],
 * });
 */
export declare function digestAuth(options: DigestAuthOptions): ClientMiddleware;
