/** A user name and a password. */
export interface Credentials {
    username: string;
    password: string;
}
/**
 * The value of an `Authorization` header for Basic authentication (RFC 7617), in UTF-8.
 * @throws TypeError for anything but a user name and password, or a colon in the name
 * @example headers.set('authorization', encodeBasicAuth('me', 'secret'));
 */
export declare function encodeBasicAuth(username: string, password: string): string;
