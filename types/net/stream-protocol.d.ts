import type { AbstractEventLoop } from '../core/abstract-event-loop.ts';
import { Future } from '../core/future.ts';
import { Protocol } from './protocol.ts';
import type { StreamReader } from './stream-reader.ts';
import type { Transport } from './transport.ts';
/** Called once the connection stands. */
export type StreamConnected = (transport: Transport, protocol: StreamProtocol) => void;
/**
 * The protocol under a pair of streams: feeds the reader, and lets the writer wait while the
 * transport has too much to send.
 */
export declare class StreamProtocol extends Protocol {
    #private;
    readonly loop: AbstractEventLoop;
    readonly reader: StreamReader;
    constructor(reader: StreamReader, connected?: StreamConnected | null);
    connectionMade(transport: Transport): void;
    /** @internal They wait in the reader. */
    get _keepsBytes(): boolean;
    dataReceived(data: Buffer): void;
    /** The other direction stays open: whoever has the writer closes it. */
    eofReceived(): boolean;
    connectionLost(error: unknown): void;
    pauseWriting(): void;
    resumeWriting(): void;
    /** Waits while the transport asks for a pause. */
    drained(): Future<void>;
    /** Waits for connectionLost; fails with its error. */
    ended(): Future<void>;
}
