import type { Credentials } from './basic-auth.ts';
import type { UploadOptions } from './upload.ts';
import type { CookiesInit } from './own-cookies.ts';
import { RequestTarget } from './request-target.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import { Headers } from '../message/headers.ts';
import type { BodyInit, OutgoingBody } from '../message/outgoing-body.ts';
/** What is put behind the `?` of a URL. */
export type QueryInit = string | URLSearchParams | Record<string, QueryValue | readonly QueryValue[]> | Iterable<readonly [string, QueryValue]>;
/** What can stand in a query or a form. */
export type QueryValue = string | number | bigint | boolean;
/** The part of the options of `session.request` that says what to send. */
export interface RequestInit extends UploadOptions {
    headers?: HeadersInit | ReadonlyHeaders;
    /** Added to the query of the URL. */
    params?: QueryInit;
    /** Text, bytes or a stream of them; a plain object goes out as a form. */
    body?: BodyInit | Record<string, QueryValue | readonly QueryValue[]>;
    /** The same as `body`, by aiohttp's name. */
    data?: BodyInit | Record<string, QueryValue | readonly QueryValue[]>;
    /** Sent as JSON. */
    json?: unknown;
    /** Basic authentication, for the origin of the URL alone. */
    auth?: Credentials;
    /**
     * Headers that are not sent unless the program says them: of `accept`, `accept-encoding`,
     * `content-type` and `user-agent`. Beside those of the session.
     */
    skipAutoHeaders?: readonly string[];
    /** Cookies beside those of the session's jar; they count more. */
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
    /** Made for who asks, which few do. */
    get url(): URL;
    /** Whether it can be sent (again): a body that is a stream is gone once it was read. */
    get sendable(): boolean;
    /** The same with other headers. */
    withHeaders(headers: Headers): OutgoingRequest;
    toString(): string;
}
