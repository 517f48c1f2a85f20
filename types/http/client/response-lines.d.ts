import type { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Coro } from '../../core/support/types.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import type { ClientResponse } from './response.ts';
/** Options of `readLines` and `sse` of a response. */
export interface LinesOptions {
    /** Largest line or event in bytes; default 1 MiB. A larger one is a ClientPayloadError. */
    limit?: number;
}
/** The lines of a body as bytes, for decoders. */
export declare class LineSource {
    #private;
    /** Whether a line exceeded the limit. */
    isTooLong: boolean;
    constructor(response: ClientResponse, limit: number, returns: boolean);
    get loop(): EventLoop;
    /**
     * A line that was already received; null when more bytes are needed. @throws ClientPayloadError
     */
    take(): Uint8Array | null;
    /** The next line; null after the last. */
    next(): Coro<Uint8Array | null>;
    leave(): void;
}
/**
 * The lines of a response as they arrive, without their ends (`\n` or `\r\n`). A line longer than
 * the limit is an error, and the response is closed.
 *
 * @example
 * const lines = response.readLines();
 * for (let line; (line = yield* lines.read()) !== null;) handle(JSON.parse(line));
 * for await (const line of response.readLines()) handle(JSON.parse(line));
 */
export declare class ResponseLines {
    #private;
    /** Created by the response only. */
    constructor(source: LineSource, decoder: Pick<InstanceType<typeof TextDecoder>, 'decode'>);
    /**
     * The next line, or null after the last. Cancel-safe: a cancelled read loses nothing.
     * @throws (awaited) ClientPayloadError for a line that is too long; AbortError when `signal`
     *   aborts, with nothing lost; otherwise as `body.read()`
     */
    read(options?: SignalOptions): Future<string | null>;
    /** Leaving the loop early discards the rest, like `release()` of the response. */
    [Symbol.asyncIterator](): AsyncIterableIterator<string>;
    toString(): string;
}
