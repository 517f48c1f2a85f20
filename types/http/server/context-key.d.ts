/** Options of a ContextKey. */
export interface ContextKeyOptions<T> {
    /** What `get` returns when nothing was set; without it `get` throws a ReferenceError. */
    default?: T;
}
/**
 * A typed key for a value that is attached to a request or to a server. Keys are compared by
 * identity: two keys of the same name are different.
 *
 * @throws TypeError when the name is not a non-empty string
 * @example
 * const USER = new ContextKey<User>('user');
 * request.set(USER, user); // in middleware
 * request.get(USER).name; // in a handler
 */
export declare class ContextKey<T> {
    readonly name: string;
    constructor(name: string, options?: ContextKeyOptions<T>);
    toString(): string;
}
