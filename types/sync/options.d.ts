/** The number of `new X(5)` or `new X({ name: 5 })`. @throws TypeError when it is none */
export declare function numberOption<K extends string>(where: string, name: K, given: number | {
    [P in K]?: number | undefined;
}, fallback: number): number;
