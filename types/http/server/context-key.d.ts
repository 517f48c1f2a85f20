/** What may be given to a key besides its name. */
export interface ContextKeyOptions<T> {
    /** What `get` gives where nothing was set. */
    default?: T;
}
/**
 * Names a value that goes with a request, or with a server, and says of which type it is. Two keys
 * of one name are two keys.
 *
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
