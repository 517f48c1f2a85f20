/** A value on one line. */
export declare function describe(value: unknown): string;
/** A function's name, for messages. */
export declare function functionName(value: unknown): string;
/** The stack from `below` up, without the heading; what debug mode keeps. */
export declare function sourceTraceback(below: Function): string;
