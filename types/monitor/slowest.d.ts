/** The slowest callbacks of the last minute. */
/** A callback that took long. */
export interface SlowCallback {
    readonly what: string;
    readonly seconds: number;
    /** When it ended, in seconds of the clock that `add` was given. */
    readonly at: number;
}
/**
 * Keeps the ten slowest of every ten seconds, for a minute: what is older goes with its span, so
 * that a slow start does not hide everything that comes after it.
 */
export declare class Slowest {
    #private;
    /** Whether `add` would keep it; asked first, since the text of most callbacks is never needed. */
    wants(seconds: number, now: number): boolean;
    add(what: string, seconds: number, at: number): void;
    /** The slowest first. */
    list(now: number): SlowCallback[];
}
