import { NativeStream } from '../../io/native-stream.ts';
/** A connection that carries messages, and makes the sender of a body wait for a slow peer. */
export declare abstract class MessageStream extends NativeStream {
    #private;
}
