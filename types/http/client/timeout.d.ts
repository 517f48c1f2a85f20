import type { Duration } from '../../core/support/duration.ts';
/** Time limits, each a duration; null or 0 for none, as in aiohttp. */
export interface ClientTimeoutInit {
    /** From the call to the last byte of the body, redirections included. 300 s by default. */
    total?: Duration | null;
    /** To get a connection: waiting for a free one and making it. */
    connect?: Duration | null;
    /** To make one connection. */
    sockConnect?: Duration | null;
    /**
     * Between two reads. A response that is not read is paused, and has only the total: without one,
     * its connection is held until it is read or released.
     */
    sockRead?: Duration | null;
}
/**
 * Time limits of a request.
 *
 * @example new ClientSession({ timeout: new ClientTimeout({ total: '10s', sockRead: 2 }) })
 */
export declare class ClientTimeout {
    /** Seconds, or null. */
    readonly total: number | null;
    readonly connect: number | null;
    readonly sockConnect: number | null;
    readonly sockRead: number | null;
    /** @throws TypeError, RangeError that name the limit */
    constructor(init?: ClientTimeoutInit);
    toString(): string;
    /** A ClientTimeout of whatever a caller may give: one, its options, the total, or null. */
    static from(value: ClientTimeout | ClientTimeoutInit | Duration | null): ClientTimeout;
}
