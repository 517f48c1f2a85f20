/**
 * What `new X(5)`, `new X({ name: 5 })` and `new X(5, { … })` were given, as options.
 * @param known - the names of all options
 * @throws TypeError for anything else, and for a number that is given twice
 */
export declare function givenOptions<K extends string, O extends {
    [P in K]?: number | undefined;
}>(where: string, name: K, first: number | O | undefined, second: Omit<O, K> | undefined, known: readonly string[]): O;
/** The number among the options. @throws TypeError when it is none; RangeError for NaN */
export declare function numberOption<K extends string>(where: string, name: K, options: {
    [P in K]?: number | undefined;
}, fallback?: number): number;
/**
 * The same for a number of things: an integer of at least `least`, or Infinity.
 * @throws TypeError, RangeError
 */
export declare function countOption<K extends string>(where: string, name: K, options: {
    [P in K]?: number | undefined;
}, fallback: number | undefined, least: number): number;
