/**
 * `await future` in the async lane: the continuation is a Promise reaction, which the loop sets off
 * in its turn, as it does for a coroutine of the generator lane.
 */
import type { Runnable } from '../native/rings.ts';
import type { Future, Waiter } from './future.ts';
import type { Values } from './running.ts';
import type { Task } from './task.ts';
type Reaction = ((value: any) => unknown) | null | undefined;
export declare class LaneWaiter implements Waiter, Runnable {
    readonly _future: Future<any>;
    readonly _task: Task<any> | undefined;
    readonly _values: Values;
    readonly _fulfilled: Reaction;
    readonly _rejected: Reaction;
    _resolve: (value: unknown) => void;
    _reject: (error: unknown) => void;
    private constructor();
    /** @param task - the task whose async function waits here, so that its cancel finds the future */
    static wait(future: Future<any>, task: Task<any> | undefined, fulfilled: Reaction, rejected: Reaction): Promise<unknown>;
    _awaiters(): Generator<Future<any>>;
    _isOf(task: Task<any>): boolean;
    _text(): string;
    _wake(): void;
    _run(): void;
    /** As `then` does it: without a reaction the derived promise gets the outcome itself. */
    _react(reaction: Reaction, outcome: unknown, passOn: (outcome: unknown) => void): void;
}
export {};
