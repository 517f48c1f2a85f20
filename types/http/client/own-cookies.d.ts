/** Cookies by name: an object or pairs. */
export type CookiesInit = Record<string, string> | Iterable<readonly [string, string]>;
