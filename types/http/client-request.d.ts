import type { HeadersInit, ReadonlyHeaders } from './headers.ts';
import { Headers } from './headers.ts';
import type { BodyInit, OutgoingBody } from './outgoing-body.ts';
/** What is put behind the `?` of a URL. */
export type QueryInit = string | URLSearchParams | Record<string, QueryValue | readonly QueryValue[]> | Iterable<readonly [string, QueryValue]>;
/** What can stand in a query or a form. */
export type QueryValue = string | number | bigint | boolean;
/** The part of the options of `session.request` that says what to send. */
export interface RequestInit {
    headers?: HeadersInit | ReadonlyHeaders;
    /** Added to the query of the URL. */
    params?: QueryInit;
    /** Text, bytes or a stream of them; a plain object goes out as a form. */
    body?: BodyInit | Record<string, QueryValue | readonly QueryValue[]>;
    /** The same as `body`, by aiohttp's name. */
    data?: BodyInit | Record<string, QueryValue | readonly QueryValue[]>;
    /** Sent as JSON. */
    json?: unknown;
}
/** What goes over the wire for one hop. */
export interface OutgoingRequest {
    method: string;
    url: URL;
    headers: Headers;
    body: OutgoingBody;
}
/** @throws TypeError for what is neither text nor a URL; InvalidURL, NonHttpUrlError */
export declare function parseUrl(url: string | URL, base?: URL | null): URL;
/** @throws TypeError for a method, header or body that cannot be sent; InvalidURL */
export declare function buildRequest(method: string, target: string | URL, init: RequestInit, base: URL | null, defaults: Headers): OutgoingRequest;
/** @throws InvalidURL when they are no escaped text */
export declare function takeCredentials(url: URL): string | null;
/** How the body of a request is framed. */
export interface RequestFraming {
    chunked: boolean;
    /** Bytes that a stream promised, or -1. */
    length: number;
}
/** The head of a request with its empty line, and how the body follows. */
export declare function requestHead(request: OutgoingRequest): {
    text: string;
    framing: RequestFraming;
};
