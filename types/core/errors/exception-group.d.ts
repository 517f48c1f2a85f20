/** Selects errors of a group: a class, several classes, or a predicate. */
export type ErrorCondition = ErrorClass | readonly ErrorClass[] | ((error: unknown) => boolean);
/** A class of errors, abstract or with any constructor. */
export type ErrorClass = abstract new (...args: any[]) => Error;
/**
 * Several errors at once, as from a task group. Groups may be nested; `split` and `subgroup` keep
 * the nesting.
 *
 * @example
 * const [lost, rest] = group.split(ConnectionError);
 * if (rest !== null) throw rest;
 */
export declare class ExceptionGroup extends AggregateError {
    #private;
    name: string;
    /**
     * @throws RangeError when there are no errors; TypeError for anything but an iterable of errors
     */
    constructor(message: string, errors: Iterable<unknown>, options?: ErrorOptions);
    /**
     * The part of the group that matches, with the same nesting; null when nothing matches. A nested
     * group that matches the condition itself is kept whole.
     * @throws TypeError when `condition` is not an ErrorCondition
     */
    subgroup(condition: ErrorCondition): ExceptionGroup | null;
    /** The part that matches and the part that does not; null in place of an empty one. */
    split(condition: ErrorCondition): [ExceptionGroup | null, ExceptionGroup | null];
}
