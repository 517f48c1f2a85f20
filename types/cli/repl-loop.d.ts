/** The loop behind the prompt: what is typed runs on it. */
import { EventLoop } from '../index.ts';
/** Functions have names here, for by their frames the prompt knows where a stack is its own. */
export declare class ReplLoop extends EventLoop {
    #private;
    /**
     * Runs `start` as the first step of a task, at once: what needs no `await` is done when this
     * returns, as the prompt expects of it. The task ends with `evaluated`.
     */
    evaluate(start: () => void): void;
    /** The prompt is back: what was evaluated has ended, if it was by an error or by Ctrl-C. */
    evaluated(): void;
    /** Ctrl-C: the prompt stops waiting, and what is waited for is to end too and to clean up. */
    interrupt(): void;
    /** Waits until nothing is evaluated. */
    idle(): Promise<void>;
}
