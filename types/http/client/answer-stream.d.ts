import { MessageStream } from '../message/message-stream.ts';
/**
 * A connection that receives responses: for each, interim heads, the final head, and perhaps a
 * body.
 */
export declare abstract class AnswerStream extends MessageStream {
    #private;
}
