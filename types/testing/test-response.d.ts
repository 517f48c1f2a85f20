import type { Awaitable } from '../core/support/types.ts';
import { Headers } from '../http.ts';
import type { ClientResponse } from '../http.ts';
/** A response that is read to its end. What it gives is there: nothing has to run to get it. */
export declare class TestResponse {
    #private;
    readonly status: number;
    readonly statusText: string;
    readonly headers: Headers;
    /** Of the request that was answered, after redirections. */
    readonly url: string;
    constructor(response: ClientResponse, bytes: Uint8Array);
    get ok(): boolean;
    bytes(): Awaitable<Uint8Array>;
    text(): Awaitable<string>;
    /** @throws SyntaxError when it is no JSON */
    json<T = any>(): Awaitable<T>;
    toString(): string;
}
