/** What picks errors out of a group: a class, several classes, or a function that is asked. */
export type ErrorCondition = ErrorClass | readonly ErrorClass[] | ((error: unknown) => boolean);
/** A class of errors, abstract or with any constructor. */
export type ErrorClass = abstract new (...args: any[]) => Error;
/**
 * Several errors at once, of a task group for example. Groups may hold groups; `split` and
 * `subgroup` keep that shape.
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
     * The part of the group that matches, in groups as they were nested; null when nothing does. A
     * group that matches as a whole is taken whole.
     * @throws TypeError when the condition is not one
     */
    subgroup(condition: ErrorCondition): ExceptionGroup | null;
    /** What matches, and what does not; null for the one that would be empty. */
    split(condition: ErrorCondition): [ExceptionGroup | null, ExceptionGroup | null];
}
