import { ContextKey } from '../server/context-key.ts';
import type { Middleware } from '../server/middleware-chain.ts';
import type { Request } from '../server/request.ts';
/** The key of the id that `requestId` assigned to a request: `request.get(REQUEST_ID)`. */
export declare const REQUEST_ID: ContextKey<string>;
export interface RequestIdOptions {
    /**
     * The header field for the id, of the response and (with `trust`) of the request; 'x-request-id'
     * by default.
     */
    header?: string;
    /**
     * Whether to accept an id sent with the request, as behind a proxy that assigns ids; false by
     * default.
     */
    trust?: boolean;
    /** Creates an id; a random UUID by default. */
    generate?: (request: Request) => string;
}
/**
 * Middleware that assigns an id to each request and adds it to the response.
 * @throws TypeError for wrong options
 */
export declare function requestId(options?: RequestIdOptions): Middleware;
