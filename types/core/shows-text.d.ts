/** How objects of this package look in `console.log`: as their `toString()`, on one line. */
/**
 * Makes `console.log` show what `toString()` says of objects of these classes, and of classes that
 * extend them, instead of their insides.
 */
export declare function showsText(...classes: readonly {
    readonly prototype: {
        toString(): string;
    };
}[]): void;
/** The whole text of such an object, for messages, which may be as long as they must; else null. */
export declare function wholeText(value: unknown): string | null;
