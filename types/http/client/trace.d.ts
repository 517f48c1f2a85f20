import type { ReadonlyHeaders } from '../message/headers.ts';
import type { ClientResponse } from './response.ts';
import type { ClientSession } from './session.ts';
/** What every call of a trace has. */
export interface TraceEvent<Context = any> {
    readonly session: ClientSession;
    /** What `context` of the configuration has made for this request. */
    readonly context: Context;
    /** `traceRequestCtx` of the request. */
    readonly traceRequestCtx: unknown;
}
/** What signals of a request carry. */
export interface TraceRequestEvent<Context = any> extends TraceEvent<Context> {
    readonly method: string;
    readonly url: string;
    readonly headers: ReadonlyHeaders;
}
export interface TraceResponseEvent<Context = any> extends TraceRequestEvent<Context> {
    readonly response: ClientResponse;
}
export interface TraceExceptionEvent<Context = any> extends TraceRequestEvent<Context> {
    readonly exception: unknown;
}
export interface TraceChunkEvent<Context = any> extends TraceEvent<Context> {
    readonly method: string;
    readonly url: string;
    readonly chunk: Uint8Array;
}
export interface TraceHostEvent<Context = any> extends TraceEvent<Context> {
    readonly host: string;
}
/**
 * What {@link TraceConfig} is made of: functions of either lane, with aiohttp's names. They are
 * called as it happens; nothing waits for what they return, and an error of theirs goes to the
 * loop's exception handler.
 */
export interface TraceConfigOptions<Context = any> {
    /** Makes what all calls of one request get as `context`; an empty object by default. */
    context?: (traceRequestCtx: unknown) => Context;
    /** A call of the session begins; the headers are without the cookies of the jar. */
    onRequestStart?: (event: TraceRequestEvent<Context>) => unknown;
    /** The head of a request, with all its headers, was handed to the connection. */
    onRequestHeadersSent?: (event: TraceRequestEvent<Context>) => unknown;
    /** A piece of the body was handed to the connection. */
    onRequestChunkSent?: (event: TraceChunkEvent<Context>) => unknown;
    /** A piece of the body of a response came, as it is on the wire. */
    onResponseChunkReceived?: (event: TraceChunkEvent<Context>) => unknown;
    /** The response is handed out; its body may be on its way. */
    onRequestEnd?: (event: TraceResponseEvent<Context>) => unknown;
    /** The call fails. */
    onRequestException?: (event: TraceExceptionEvent<Context>) => unknown;
    /** A redirection is followed; the hop is the one that has led there. */
    onRequestRedirect?: (event: TraceResponseEvent<Context>) => unknown;
    /** All connections are in use, and the request waits for its turn. */
    onConnectionQueuedStart?: (event: TraceEvent<Context>) => unknown;
    onConnectionQueuedEnd?: (event: TraceEvent<Context>) => unknown;
    /** A connection is made: addresses, attempts, tunnel, TLS. */
    onConnectionCreateStart?: (event: TraceEvent<Context>) => unknown;
    /** It stands. */
    onConnectionCreateEnd?: (event: TraceEvent<Context>) => unknown;
    /** One that was kept is used. */
    onConnectionReuseconn?: (event: TraceEvent<Context>) => unknown;
    /** A resolver is asked for the addresses of a name. */
    onDnsResolvehostStart?: (event: TraceHostEvent<Context>) => unknown;
    /** And has answered, or failed. */
    onDnsResolvehostEnd?: (event: TraceHostEvent<Context>) => unknown;
    /** A `DnsCache` knew them. */
    onDnsCacheHit?: (event: TraceHostEvent<Context>) => unknown;
    /** It has to ask. */
    onDnsCacheMiss?: (event: TraceHostEvent<Context>) => unknown;
}
/**
 * Functions that are called at the steps of a session's requests, which
 * `new ClientSession({ traceConfigs: [config] })` has.
 * A session without one pays nothing.
 *
 * @throws TypeError for anything but a function, or a name that no signal has
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
