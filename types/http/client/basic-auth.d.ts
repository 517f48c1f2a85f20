/** A user name and a password. */
export interface Credentials {
    username: string;
    password: string;
}
/**
 * The value of an `Authorization` header for Basic authentication (RFC 7617), in UTF-8.
 * @throws TypeError when the name or the password is not a string, or the name contains a colon
 * @example headers.set('authorization', encodeBasicAuth('me', 'secret'));
 */
export declare function encodeBasicAuth(username: string, password: string): string;
