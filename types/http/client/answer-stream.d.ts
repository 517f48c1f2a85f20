import { MessageStream } from '../message/message-stream.ts';
/** A connection on which answers come: a head after interim ones, and perhaps a body. */
export declare abstract class AnswerStream extends MessageStream {
    #private;
}
