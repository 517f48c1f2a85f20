import type { Credentials } from './basic-auth.ts';
import type { UploadOptions } from './upload.ts';
import type { CookiesInit } from './own-cookies.ts';
import { RequestTarget } from './request-target.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import { Headers } from '../message/headers.ts';
import type { BodyInit, OutgoingBody } from '../message/outgoing-body.ts';
/** Parameters to add to the query of a URL. */
export type QueryInit = string | URLSearchParams | Record<string, QueryValue | readonly QueryValue[]> | Iterable<readonly [string, QueryValue]>;
/** A value in a query or a form. */
export type QueryValue = string | number | bigint | boolean;
/** The options of `session.request` that describe what is sent. */
export interface RequestInit extends UploadOptions {
    /** Headers; they replace those of the session with the same names. */
    headers?: HeadersInit | ReadonlyHeaders;
    /** Added to the query of the URL. */
    params?: QueryInit;
    /** Text, bytes, or a stream of them; a plain object is sent as a form. */
    body?: BodyInit | Record<string, QueryValue | readonly QueryValue[]>;
    /** The same as `body`, with aiohttp's name. */
    data?: BodyInit | Record<string, QueryValue | readonly QueryValue[]>;
    /** A value to send as JSON. */
    json?: unknown;
    /** Basic authentication, for the origin of the URL only. */
    auth?: Credentials;
    /**
     * Headers that are sent only if the program sets them: any of `accept`, `accept-encoding`,
     * `content-type` and `user-agent`; in addition to those of the session.
     */
    skipAutoHeaders?: readonly string[];
    /** Cookies; they take precedence over those of the session and its jar. */
    cookies?: CookiesInit;
}
/** What goes over the wire for one hop. */
export declare class OutgoingRequest {
    #private;
    readonly method: string;
    readonly target: RequestTarget;
    /** May be changed until it is sent. */
    readonly headers: Headers;
    readonly body: OutgoingBody;
    constructor(method: string, target: RequestTarget, headers: Headers, body: OutgoingBody);
    /** Created on demand, as it is rarely needed. */
    get url(): URL;
    /** Whether it can be sent, or sent again: a body that is a stream can be read only once. */
    get sendable(): boolean;
    /** The same request with other headers. */
    withHeaders(headers: Headers): OutgoingRequest;
    toString(): string;
}
