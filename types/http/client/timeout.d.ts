import type { Duration } from '../../core/support/duration.ts';
/** Time limits, each a duration; null or 0 for none, as in aiohttp. */
export interface ClientTimeoutInit {
    /** From the call to the last byte of the body, including redirects; default 300 s. */
    total?: Duration | null;
    /** To get a connection, by waiting for a slot and connecting; default none. */
    connect?: Duration | null;
    /** To connect once; default none. */
    sockConnect?: Duration | null;
    /**
     * Between two reads; default none. A response that is not being read is paused, and only the
     * total applies: without one, it holds its connection until it is read or released.
     */
    sockRead?: Duration | null;
}
/**
 * Time limits of a request.
 *
 * @example new ClientSession({ timeout: new ClientTimeout({ total: '10s', sockRead: 2 }) })
 */
export declare class ClientTimeout {
    /** All in seconds; null for no limit. */
    readonly total: number | null;
    readonly connect: number | null;
    readonly sockConnect: number | null;
    readonly sockRead: number | null;
    /** @throws TypeError, RangeError naming the limit */
    constructor(init?: ClientTimeoutInit);
    toString(): string;
    /** Converts what a caller may give: a ClientTimeout, its options, the total, or null. */
    static from(value: ClientTimeout | ClientTimeoutInit | Duration | null): ClientTimeout;
}
