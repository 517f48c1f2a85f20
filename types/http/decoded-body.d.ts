import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
/** The body of a compressed response, with the methods of `IncomingBody`: one piece, then null. */
export declare class DecodedBody {
    #private;
    constructor(loop: EventLoop, bytes: () => Future<Uint8Array>);
    get used(): boolean;
    read(): Future<Uint8Array | null>;
    [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array>;
}
