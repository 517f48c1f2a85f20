/**
 * Events of a trace as JSON, in the Trace Event Format that Perfetto and chrome://tracing read,
 * kept until they are written. They are in the order of their times: a slice has its place where it
 * begins, and is filled in when it ends.
 */
/** Additions to an event; the values of `args` must be plain. */
export interface EventFields {
    readonly id?: string;
    /** Of a flow: it ends in the slice that is open, not in the next one. */
    readonly binding?: 'e';
    readonly args?: Readonly<Record<string, unknown>> | undefined;
}
export declare class TraceEvents {
    #private;
    constructor(processId: number);
    /** How many wait to be written. */
    get count(): number;
    /** Whether something is open, in which a flow could begin or end. */
    get inside(): boolean;
    /** Opens a slice; slices are nested. */
    begin(thread: number, category: string, name: string, startNs: number): void;
    /** Closes the slice that was opened last. */
    end(endNs: number, args?: EventFields['args']): void;
    /** Keeps a place for a slice that begins now and whose length is known later. */
    reserve(thread: number, category: string, name: string, startNs: number): void;
    /** The reserved slice ends; one of no length is left out. */
    settle(thread: number, lengthNs: number): void;
    /** A slice that has passed; what lies before an event that is there already is cut off. */
    slice(thread: number, category: string, name: string, startNs: number, endNs: number): void;
    /** An event of one moment: `b` and `e`, `s` and `f`, `i`, `M`. */
    add(phase: string, thread: number, category: string, name: string, ns: number, fields?: EventFields): void;
    /** Everything so far; what is open is written as begun, and ends with an event of its own. */
    take(): string[];
    /** Closes what is open: the program ends inside of it. */
    closeAll(endNs: number): void;
}
