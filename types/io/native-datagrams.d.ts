import type { CompletionTarget, EventLoop } from '../core/loop/event-loop.ts';
export declare abstract class NativeDatagrams implements CompletionTarget {
    #private;
    protected constructor(loop: EventLoop, handle: number, generation: number);
}
