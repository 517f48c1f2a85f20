/** What headers can be made of: an object, pairs, or anything that iterates over pairs. */
export type HeadersInit = Record<string, string | number | readonly string[]> | Iterable<readonly [string, string]>;
/** What every set of header fields can do, received or being made. Names ignore case. */
export interface ReadonlyHeaders extends Iterable<[string, string]> {
    /** The value, several joined with `, `; null when there is none. */
    get(name: string): string | null;
    has(name: string): boolean;
    /** The values of Set-Cookie, which may not be joined. */
    getSetCookie(): string[];
    /** Pairs of lower-case name and value, in the order in which they came; repeats stay apart. */
    entries(): IterableIterator<[string, string]>;
    keys(): IterableIterator<string>;
    values(): IterableIterator<string>;
    /** Each name once, with its values joined; those of Set-Cookie apart. */
    forEach(callback: (value: string, name: string, headers: this) => void): void;
}
/**
 * Header fields that can be changed. A name that is not a token and a value with a line break or
 * another control character is a TypeError, so nobody can smuggle a header in through a value.
 *
 * @example
 * const headers = new Headers({ 'content-type': 'text/html' });
 * headers.append('set-cookie', 'a=1');
 */
export declare class Headers implements ReadonlyHeaders {
    #private;
    constructor(init?: HeadersInit | ReadonlyHeaders | null);
    append(name: string, value: string | number): void;
    set(name: string, value: string | number): void;
    delete(name: string): void;
    get(name: string): string | null;
    has(name: string): boolean;
    getSetCookie(): string[];
    entries(): IterableIterator<[string, string]>;
    keys(): IterableIterator<string>;
    values(): IterableIterator<string>;
    /** Each name once, with its values joined; Set-Cookie apart. */
    forEach(callback: (value: string, name: string, headers: this) => void): void;
    [Symbol.iterator](): IterableIterator<[string, string]>;
    toString(): string;
}
