import type { HeadersInit, ReadonlyHeaders } from './headers.ts';
import { Headers } from './headers.ts';
import type { BodyInit, OutgoingBody } from './outgoing-body.ts';
/** What is put behind the `?` of a URL. */
export type QueryInit = string | URLSearchParams | Record<string, string | number | boolean | readonly string[]> | Iterable<readonly [string, string]>;
/** The part of the options of `session.request` that says what to send. */
export interface RequestInit {
    headers?: HeadersInit | ReadonlyHeaders;
    /** Added to the query of the URL. */
    params?: QueryInit;
    /** Text, bytes or a stream of them; a plain object goes out as a form. */
    body?: BodyInit | Record<string, string | number | boolean>;
    /** The same as `body`, by aiohttp's name. */
    data?: BodyInit | Record<string, string | number | boolean>;
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
/** @throws InvalidURL, NonHttpUrlError */
export declare function parseUrl(url: string | URL, base?: string | URL | null): URL;
/** @throws TypeError for a method, header or body that cannot be sent; InvalidURL */
export declare function buildRequest(method: string, target: string | URL, init: RequestInit, base: string | URL | null, defaults: Headers): OutgoingRequest;
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
