import { Headers } from '../message/headers.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import type { BodyInit } from '../message/outgoing-body.ts';
/** What a Response has beside its body. */
export interface ResponseInit {
    /** 200 unless said otherwise; 200 to 599. */
    status?: number;
    /** The reason phrase; the registered one unless said otherwise. */
    statusText?: string;
    headers?: HeadersInit | ReadonlyHeaders;
}
/**
 * What a handler answers: a status, headers and a body. It is a light version of the WHATWG class
 * of the same name (which `serve` takes too): nothing is made that is not asked for. A response
 * with a string, bytes or no body may be sent any number of times. Bytes are not copied: what a
 * slow client has not taken yet of more than 64 KiB is sent from where it stands, so it must not be
 * changed, and its buffer not be transferred, until then.
 *
 * @throws TypeError for a header that would break the head, or a body that cannot be sent
 * @throws RangeError for a status outside 200 to 599, or a body with a status that has none
 * @example
 * new Response('hello');
 * new Response(generateRows(), { headers: { 'content-type': 'text/csv' } });
 * Response.json({ ok: true }, { status: 201 });
 */
export declare class Response {
    #private;
    readonly status: number;
    /** '' stands for the registered phrase. */
    readonly statusText: string;
    constructor(body?: BodyInit, init?: ResponseInit);
    /** A response with the value as JSON. */
    static json(value: unknown, init?: ResponseInit): Response;
    /** A redirection; 302 unless said otherwise. */
    static redirect(url: string | URL, status?: number): Response;
    /** The headers, which may still be changed. */
    get headers(): Headers;
    get ok(): boolean;
    toString(): string;
}
