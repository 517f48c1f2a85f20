/**
 * How a cancel goes through futures that stand for others (`gather`, `waitFor`), which may stand
 * for others in turn: a list of 10,000 of them within each other is deeper than the stack is.
 */
import { Future } from '../core/future.ts';
/** A future whose cancel goes to others. */
export interface Passing extends Future<any> {
    /** @internal Notes that it is to be cancelled, before anybody hears of it. */
    _beginCancel(reason: unknown): Passed;
}
/** A cancel on its way. */
export interface Passed {
    /** Those that it goes to. */
    readonly to: readonly Future<any>[];
    /** None of them could be cancelled. */
    refused(): void;
}
/** Cancels those that a pending future stands for. @returns whether it reached any of them */
export declare function passCancelOn(outermost: Passing, reason: unknown): boolean;
