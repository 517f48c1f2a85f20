/**
 * A loop's side of messages from other threads: what it shares, the tasks it runs for them, and the
 * answers to its own calls. Made when a loop is shared, or calls another one, for the first time.
 *
 * Messages run right where they are taken, in the loop's turn, not a turn later: a message that
 * was taken can no longer be cancelled, and one that was cancelled must never run.
 */
import type { PostsTarget } from '../core/completions.ts';
import type { EventLoop } from '../core/event-loop.ts';
import { Calls } from './calls.ts';
import type { Share } from './share.ts';
export declare class LoopPosts implements PostsTarget {
    #private;
    readonly inbox: number;
    /** What this loop has asked of others. */
    readonly calls: Calls;
    constructor(loop: EventLoop);
    /** Takes in what is shared. @returns its number */
    add(share: Share): number;
    remove(number: number): void;
    closed(): void;
    drain(): void;
}
/** What the loop has for other threads; made at the first call. @throws RuntimeError when closed */
export declare function postsOf(loop: EventLoop): LoopPosts;
