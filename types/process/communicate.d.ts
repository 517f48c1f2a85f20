import { type Duration } from '../core/support/duration.ts';
import { type Data } from '../io/data.ts';
/** How `communicate()` goes about it. */
export interface CommunicateOptions {
    /** What the child reads from its stdin. */
    input?: Data | null;
    /** How long it may take altogether. */
    timeout?: Duration | null;
    /** Aborting it ends the wait with an AbortError, not the child. */
    signal?: AbortSignal | null;
}
/** What a child has written; null for anything but a pipe. */
export type Output = [stdout: Buffer | null, stderr: Buffer | null];
