import { describe } from '../../core/support/describe.ts';
import { checkOptions } from '../../core/support/options.ts';

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
export function encodeBasicAuth(username: string, password: string): string {
  checkCredentials('encodeBasicAuth()', { username, password });
  if (username.includes(':')) {
    throw new TypeError('encodeBasicAuth(): there is no colon in a user name');
  }
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

/** @throws TypeError unless both are strings; the message does not show the values */
export function checkCredentials(where: string, given: unknown): Credentials {
  checkOptions(where, given, ['username', 'password']);
  const { username, password } = given as Credentials;
  for (const [name, value] of Object.entries({ username, password })) {
    if (typeof value === 'string') continue;
    throw new TypeError(`${where}: ${name} must be a string, not ${describe(value)}`);
  }
  return { username, password };
}

/** The `Authorization` header for an `auth` option; null for none. @throws TypeError */
export function authorizationOf(where: string, given: unknown): string | null {
  if (given === undefined || given === null) return null;
  const { username, password } = checkCredentials(`${where}: auth`, given);
  return encodeBasicAuth(username, password);
}
