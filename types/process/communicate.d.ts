import { type Duration } from '../core/support/duration.ts';
import { type Data } from '../io/data.ts';
/** Options of `communicate()`. */
export interface CommunicateOptions {
    /** The data for the child's stdin: text (as UTF-8) or bytes. */
    input?: Data | null;
    /** The time limit for the whole call: seconds, or a string with a unit; none by default. */
    timeout?: Duration | null;
    /** Aborting it ends the wait with an AbortError; the child keeps running. */
    signal?: AbortSignal | null;
}
/** The output of a child; null where stdout or stderr is not a pipe. */
export type Output = [stdout: Buffer | null, stderr: Buffer | null];
