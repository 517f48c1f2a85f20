import type { ReadonlyHeaders } from '../message/headers.ts';
import type { ClientResponse } from './response.ts';
import type { ClientSession } from './session.ts';
/** Properties of every event. */
export interface TraceEvent<Context = any> {
    readonly session: ClientSession;
    /** The result of the configuration's `context` for this request. */
    readonly context: Context;
    /** `traceRequestCtx` of the request. */
    readonly traceRequestCtx: unknown;
}
/** Properties of the events of a request. */
export interface TraceRequestEvent<Context = any> extends TraceEvent<Context> {
    readonly method: string;
    readonly url: string;
    readonly headers: ReadonlyHeaders;
}
/** An event with the response. */
export interface TraceResponseEvent<Context = any> extends TraceRequestEvent<Context> {
    readonly response: ClientResponse;
}
/** An event with the error that ended the call. */
export interface TraceExceptionEvent<Context = any> extends TraceRequestEvent<Context> {
    readonly exception: unknown;
}
/** An event with a piece of a body. */
export interface TraceChunkEvent<Context = any> extends TraceEvent<Context> {
    readonly method: string;
    readonly url: string;
    /** A copy, which may be kept and changed. */
    readonly chunk: Uint8Array;
}
/** An event about a host name. */
export interface TraceHostEvent<Context = any> extends TraceEvent<Context> {
    readonly host: string;
}
/**
 * Callbacks of a {@link TraceConfig}, named as in aiohttp; in either lane. They are called when the
 * step happens. Their results are not waited for, and their errors go to the loop's exception
 * handler.
 */
export interface TraceConfigOptions<Context = any> {
    /** Creates `context` for all events of one request; default: an empty object. */
    context?: (traceRequestCtx: unknown) => Context;
    /** A call of the session begins; the headers do not yet have the cookies of the jar. */
    onRequestStart?: (event: TraceRequestEvent<Context>) => unknown;
    /** The head of a request, with all headers, was handed to the connection. */
    onRequestHeadersSent?: (event: TraceRequestEvent<Context>) => unknown;
    /** A piece of the body was handed to the connection. */
    onRequestChunkSent?: (event: TraceChunkEvent<Context>) => unknown;
    /** A piece of the body of a response arrived; still encoded. */
    onResponseChunkReceived?: (event: TraceChunkEvent<Context>) => unknown;
    /** The caller gets the response; its body may still be arriving. */
    onRequestEnd?: (event: TraceResponseEvent<Context>) => unknown;
    /** The call failed. */
    onRequestException?: (event: TraceExceptionEvent<Context>) => unknown;
    /** A redirect is followed; the event describes the request that was redirected. */
    onRequestRedirect?: (event: TraceResponseEvent<Context>) => unknown;
    /** All connections are in use, and the request waits for a slot. */
    onConnectionQueuedStart?: (event: TraceEvent<Context>) => unknown;
    /** It got the slot. Not called when it gave up waiting. */
    onConnectionQueuedEnd?: (event: TraceEvent<Context>) => unknown;
    /** A new connection is being made: name lookup, attempts, tunnel, TLS. */
    onConnectionCreateStart?: (event: TraceEvent<Context>) => unknown;
    /** The connection is ready. */
    onConnectionCreateEnd?: (event: TraceEvent<Context>) => unknown;
    /** An idle connection is reused. */
    onConnectionReuseconn?: (event: TraceEvent<Context>) => unknown;
    /** A host name is being resolved. */
    onDnsResolvehostStart?: (event: TraceHostEvent<Context>) => unknown;
    /** It was resolved, or that failed. */
    onDnsResolvehostEnd?: (event: TraceHostEvent<Context>) => unknown;
    /** A `DnsCache` has the addresses. */
    onDnsCacheHit?: (event: TraceHostEvent<Context>) => unknown;
    /** A `DnsCache` has to look them up. */
    onDnsCacheMiss?: (event: TraceHostEvent<Context>) => unknown;
}
/**
 * Callbacks for the steps of a session's requests: `new ClientSession({ traceConfigs: [config] })`.
 * A session without any pays nothing.
 *
 * @throws TypeError for anything but a function, or an unknown name
 * @example
 * const timing = new TraceConfig({
 *   context: () => ({ start: getRunningLoop().time() }),
 *   onRequestEnd: ({ context, url }) =>
 *     console.log(url, getRunningLoop().time() - context.start),
 * });
 */
export declare class TraceConfig<Context = any> {
    #private;
    constructor(options: TraceConfigOptions<Context>);
    toString(): string;
}
