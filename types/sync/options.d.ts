/** The number of `new X(5)` or `new X({ name: 5 })`. @throws TypeError when it is none */
export declare function numberOption<K extends string>(where: string, name: K, given: number | {
    [P in K]?: number | undefined;
}, fallback: number | undefined): number;
/**
 * The same for a number of things: an integer of at least `least`, or Infinity.
 * @throws TypeError, RangeError
 */
export declare function countOption<K extends string>(where: string, name: K, given: number | {
    [P in K]?: number | undefined;
}, fallback: number | undefined, least: number): number;
