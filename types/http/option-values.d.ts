/** Checks of the values of options, for servers and clients. */
import type { Duration } from '../core/duration.ts';
import type { MessageLimits } from '../native/binding.ts';
/** Bounds of the head of a received message. */
export interface HeadLimits {
    /** Bytes of the first line and of each header line; 8190 by default. */
    lineSize?: number;
    /** Header lines; 128 by default. */
    headers?: number;
    /** Bytes of the whole head; 65535 by default, and at most. */
    headSize?: number;
}
/** @throws TypeError, RangeError unless it is an integer in the range */
export declare function integer(name: string, value: unknown, least: number, most: number): number;
/** Seconds. @throws TypeError, RangeError unless it is a duration of more than 0 */
export declare function duration(name: string, value: Duration): number;
/** @throws TypeError, RangeError that name the limit */
export declare function headLimits(where: string, limits: HeadLimits | undefined): MessageLimits | null;
