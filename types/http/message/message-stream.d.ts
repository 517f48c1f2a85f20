import { NativeStream } from '../../io/native-stream.ts';
/** A connection that carries messages, and pauses the sender of a body while the peer is slow. */
export declare abstract class MessageStream extends NativeStream {
    #private;
}
