import type { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Coro } from '../../core/support/types.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import type { ClientResponse } from './response.ts';
/** What `readLines` and `sse` of a response take. */
export interface LinesOptions {
    /** Bytes of a line, or of an event; 1 MiB by default. More is a ClientPayloadError. */
    limit?: number;
}
/** The lines of a body as bytes, for decoders of them. */
export declare class LineSource {
    #private;
    /** A line was longer than the limit. */
    isTooLong: boolean;
    constructor(response: ClientResponse, limit: number, returns: boolean);
    get loop(): EventLoop;
    /** A line that is there; null when more bytes are needed. @throws ClientPayloadError */
    take(): Uint8Array | null;
    /** The next line; null after the last. */
    next(): Coro<Uint8Array | null>;
    leave(): void;
}
/**
 * The lines of a response as they come, without their ends (`\n` or `\r\n`). A line that is longer
 * than the limit fails, and the response is closed.
 *
 * @example
 * const lines = response.readLines();
 * for (let line; (line = yield* lines.read()) !== null;) handle(JSON.parse(line));
 * for await (const line of response.readLines()) handle(JSON.parse(line));
 */
export declare class ResponseLines {
    #private;
    /** Made by the response only. */
    constructor(source: LineSource, decoder: Pick<InstanceType<typeof TextDecoder>, 'decode'>);
    /**
     * The next line, or null after the last. A cancelled read loses nothing.
     * @throws (awaited) ClientPayloadError for a line that is too long; AbortError when `signal`
     * aborts, by which nothing is lost; as `body.read()`
     */
    read(options?: SignalOptions): Future<string | null>;
    /** Leaving the loop early gives the rest up, as `release()` of the response does. */
    [Symbol.asyncIterator](): AsyncIterableIterator<string>;
    toString(): string;
}
