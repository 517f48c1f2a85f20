import type { EventLoop } from '../../core/loop/event-loop.ts';
import { NativeStream } from '../../io/native-stream.ts';
import type { Deflate } from './deflate.ts';
import type { Kind } from './settings.ts';
import type { Subscriber } from './topics.ts';
/** What happened to a message passed to `send`. */
export type SendResult = 'sent' | 'queued' | 'dropped';
export declare abstract class SendingSocket extends NativeStream implements Subscriber {
    #private;
    protected constructor(loop: EventLoop, handle: number, generation: number, kind: Kind, deflate: Deflate | null);
}
