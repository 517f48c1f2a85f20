/**
 * What is given in place of options (a timeout, a name) would be ignored without a word.
 * @throws TypeError when it is no object
 */
export declare function checkOptions(where: string, options: unknown): void;
