import type { Credentials } from './basic-auth.ts';
import type { ClientMiddleware } from './middleware.ts';
/** What {@link digestAuth} takes. */
export interface DigestAuthOptions extends Credentials {
    /** Whose questions are answered; by default that of the first request. */
    origin?: string | URL;
    /** Whether later requests say who we are before they are asked; true by default. */
    preemptive?: boolean;
}
/**
 * A middleware that answers Digest challenges (RFC 7616: MD5, SHA-256 and SHA-512-256, with and
 * without `-sess`, `auth` and `auth-int`; the strongest that the server offers). The password
 * itself is never sent, and nothing of it goes to another origin than the first.
 *
 * A request whose body is a stream of one use cannot be sent again: it fails with the 401.
 *
 * @throws TypeError for anything but a user name and password; InvalidURL for an `origin`
 * @example
 * const session = new ClientSession({
 *   middlewares: [digestAuth({ username: 'me', password: 'secret' })],
 * });
 */
export declare function digestAuth(options: DigestAuthOptions): ClientMiddleware;
