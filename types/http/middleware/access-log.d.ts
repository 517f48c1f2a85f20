import type { Middleware } from '../server/middleware-chain.ts';
import type { LogSink } from './log-writer.ts';
/** What is known of a request when it is over. */
export interface AccessRecord {
    /** When it began, in milliseconds of the wall clock. */
    readonly time: number;
    /** The client's address. */
    readonly ip: string | null;
    readonly method: string;
    readonly target: string;
    readonly httpVersion: string;
    /** Null when the client was gone before there was an answer. */
    readonly status: number | null;
    /** Of the answer's body; null for one whose size nobody knew before. */
    readonly bytes: number | null;
    /** Seconds. */
    readonly duration: number;
    readonly referer: string | null;
    readonly userAgent: string | null;
    /** What `requestId` gave to it. */
    readonly id: string | null;
}
export interface AccessLogOptions {
    /** 'common' (the Common Log Format, the default), 'combined', 'json', or what makes a line. */
    format?: 'common' | 'combined' | 'json' | ((record: AccessRecord) => string);
    /** A file that is appended to, or a function that takes lines; standard output by default. */
    to?: string | LogSink;
    /**
     * Lines that may wait to be written, 10,000 by default; what comes beyond is dropped, and told.
     */
    maxPending?: number;
}
/**
 * Middleware that notes every request when its answer is out. Lines are made and written later,
 * many at once, and never wait for each other: who is slow to take them loses some.
 * @throws TypeError, RangeError for options that do not exist
 */
export declare function accessLog(options?: AccessLogOptions): Middleware;
