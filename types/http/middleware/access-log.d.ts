import type { Middleware } from '../server/middleware-chain.ts';
import type { LogSink } from './log-writer.ts';
/** The data about a finished request. */
export interface AccessRecord {
    /** When it began, in milliseconds since the epoch. */
    readonly time: number;
    /** The client's address. */
    readonly ip: string | null;
    readonly method: string;
    readonly target: string;
    readonly httpVersion: string;
    /** Null when the client disconnected before there was a response. */
    readonly status: number | null;
    /** The size of the response's body in bytes; null when it was not known in advance. */
    readonly bytes: number | null;
    /** The time from the request's head to the end of the response, in seconds. */
    readonly duration: number;
    readonly referer: string | null;
    readonly userAgent: string | null;
    /** The id that the `requestId` middleware assigned, or null. */
    readonly id: string | null;
}
export interface AccessLogOptions {
    /**
     * 'common' (the Common Log Format, the default), 'combined', 'json', or a function that returns a
     * line.
     */
    format?: 'common' | 'combined' | 'json' | ((record: AccessRecord) => string);
    /**
     * The path of a file to append to, or a function that receives lines; standard output by default.
     */
    to?: string | LogSink;
    /**
     * The maximum number of lines waiting to be written, 10,000 by default. Further lines are
     * dropped, and a line says how many.
     */
    maxPending?: number;
}
/**
 * Middleware that logs every request once its response was sent. Lines are formatted and written
 * later, many at once. One that becomes a WebSocket, or leaves HTTP otherwise, is logged at that
 * moment, with status 101. Requests never wait for the log: if it is too slow, lines are dropped.
 * @throws TypeError, RangeError for wrong options
 */
export declare function accessLog(options?: AccessLogOptions): Middleware;
