import type { PathParams } from './pattern.ts';
/** Values for the parameters of a path. */
export type UrlParams<Path extends string> = {
    readonly [Name in keyof PathParams<Path>]: string | number;
};
/** The query: what `URLSearchParams` accepts. */
export type UrlQuery = ConstructorParameters<typeof URLSearchParams>[0];
/**
 * The path of a pattern with these values for its parameters, which are percent-encoded:
 * `url('/users/:id', { id: 'a/b' })` is `/users/a%2Fb`. Slashes in the value of a `*rest` are kept.
 *
 * @throws TypeError when a value is missing, empty, does not match its regex, or has no parameter;
 * or when the pattern is malformed
 */
export declare function url<Path extends string>(path: Path, params?: UrlParams<Path>, query?: UrlQuery): string;
