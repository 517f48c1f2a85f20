/** The name that somebody may have meant. */
/**
 * The nearest of `names` when it is near enough to be a slip, else null: one letter in three may be
 * wrong. How letters are written, large or small, does not count.
 */
export declare function nearest(word: string, names: readonly string[]): string | null;
