import type { PathParams } from './pattern.ts';
/** Values for the parameters of a path. */
export type UrlParams<Path extends string> = {
    readonly [Name in keyof PathParams<Path>]: string | number;
};
/** What stands after `?`. */
export type UrlQuery = ConstructorParameters<typeof URLSearchParams>[0];
/**
 * The path that a pattern stands for with these values, which are encoded: `url('/users/:id', { id:
 * 'a/b' })` is `/users/a%2Fb`. Slashes of a `*rest` stay.
 *
 * @throws TypeError when a value is missing, empty, of no parameter, or not what its regex asks for
 */
export declare function url<Path extends string>(path: Path, params?: UrlParams<Path>, query?: UrlQuery): string;
