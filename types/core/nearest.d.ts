/** The name that somebody may have meant. */
/** The nearest of `names` when it is near enough to be a slip, else null. */
export declare function nearest(word: string, names: readonly string[]): string | null;
