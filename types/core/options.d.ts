/**
 * What is given in place of options (a timeout, a name), or under a name that no option has, would
 * be ignored without a word, and a `tls` that is ignored sends secrets in clear.
 *
 * @param where - the call, for the message: `openConnection()`
 * @param known - all names that the call has
 * @throws TypeError when it is no object, or has a member of another name that is not undefined
 */
export declare function checkOptions(where: string, options: unknown, known?: readonly string[]): void;
/**
 * A flag of another type would be taken for true or false without a word, `'false'` for true.
 *
 * @param options - what `checkOptions` let through
 * @param names - of options that are true, false, or not given
 * @throws TypeError when one is anything else
 */
export declare function checkFlags(where: string, options: object, names: readonly string[]): void;
