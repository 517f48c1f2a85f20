import type { Awaitable } from '../core/support/types.ts';
import { Headers } from '../http.ts';
import type { ClientResponse } from '../http.ts';
/** A response that has been read completely. Its body is available without running a loop. */
export declare class TestResponse {
    #private;
    readonly status: number;
    readonly statusText: string;
    readonly headers: Headers;
    /** The URL of the request that was answered, after redirects. */
    readonly url: string;
    constructor(response: ClientResponse, bytes: Uint8Array);
    get ok(): boolean;
    bytes(): Awaitable<Uint8Array>;
    text(): Awaitable<string>;
    /** @throws SyntaxError when the body is not JSON */
    json<T = any>(): Awaitable<T>;
    toString(): string;
}
