/** What headers can be created from: an object, pairs, or any iterable of pairs. */
export type HeadersInit = Record<string, string | number | readonly string[]> | Iterable<readonly [string, string]>;
/**
 * The reading methods of header fields, whether received or created. Names are case-insensitive.
 */
export interface ReadonlyHeaders extends Iterable<[string, string]> {
    /** The value, several values joined with `, `; null when there is none. */
    get(name: string): string | null;
    has(name: string): boolean;
    /** The values of Set-Cookie, which must not be joined. */
    getSetCookie(): string[];
    /** Pairs of lower-case name and value, in order; repeated fields stay separate. */
    entries(): IterableIterator<[string, string]>;
    keys(): IterableIterator<string>;
    values(): IterableIterator<string>;
    /**
     * Calls `callback` once for each name, with its values joined; for each Set-Cookie separately.
     */
    forEach(callback: (value: string, name: string, headers: this) => void): void;
}
/**
 * Header fields that can be changed. A name that is not a token, or a value with a line break or
 * another control character, throws a TypeError, so no header can be injected through a value.
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
    /**
     * Calls `callback` once for each name, with its values joined; for each Set-Cookie separately.
     */
    forEach(callback: (value: string, name: string, headers: this) => void): void;
    [Symbol.iterator](): IterableIterator<[string, string]>;
    toString(): string;
}
