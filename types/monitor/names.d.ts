/**
 * Looks that may throw: names may come from the user's own classes, and nothing may
 * be thrown inside of the dispatch or of a snapshot.
 */
/** The result of a look that may throw. */
export declare function attempt<T>(look: () => T, otherwise: T): T;
export declare function className(value: object): string;
