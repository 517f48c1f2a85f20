import type { Future } from '../core/future.ts';
import { NativeStream } from '../io/native-stream.ts';
/** A connection that carries messages, and lets whoever sends a body wait for a slow peer. */
export declare abstract class MessageStream extends NativeStream {
    /** Who waits until the peer has taken enough. */
    _drainWaiter: Future<void> | null;
    /** A future that waits until the peer has taken enough, or null when nothing needs to wait. */
    _drain(): Future<void> | null;
    _drained(): void;
    /** Ends the wait: the peer will take nothing more. */
    _failDrain(error: Error): void;
}
