/** An entry of `addDoneCallback`. */
import type { Runnable } from '../native/rings.ts';
import type { Future, Waiter } from './future.ts';
import type { Values } from './running.ts';
/** A callback through which `awaiter` waits: so the call graph knows of it. */
export declare function onBehalfOf<C extends (future: any) => unknown>(awaiter: Future<any>, callback: C): C;
export declare class DoneCallback implements Waiter, Runnable {
    readonly _future: Future<any>;
    readonly _callback: (future: Future<any>) => unknown;
    readonly _values: Values;
    constructor(future: Future<any>, callback: (future: Future<any>) => unknown);
    _wake(): void;
    _awaiters(): Generator<Future<any>>;
    _text(): string;
    _run(): unknown;
}
