import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import type { BodyInit } from '../message/outgoing-body.ts';
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
