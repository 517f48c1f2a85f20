import type { Duration } from '../../core/support/duration.ts';
import type { Middleware } from '../server/middleware-chain.ts';
import type { Request } from '../server/request.ts';
export interface CorsOptions {
    /**
     * The origins that may read responses: '*' for all (the default), one or several such as
     * 'https://example.com', or a function that returns whether an origin may.
     */
    origin?: string | readonly string[] | ((origin: string, request: Request) => boolean);
    /** The methods they may use; GET, HEAD, PUT, PATCH, POST and DELETE by default. */
    methods?: readonly string[];
    /** The request headers they may send; by default those that they ask for. */
    allowedHeaders?: readonly string[];
    /** The response headers they may read, in addition to those that are always readable. */
    exposedHeaders?: readonly string[];
    /**
     * Whether requests may include credentials such as cookies; false by default. Not allowed with
     * the origin '*'.
     */
    credentials?: boolean;
    /**
     * How long browsers may cache the answer to a preflight: seconds, or a string with a unit. Not
     * sent by default; browsers then use 5 s.
     */
    maxAge?: Duration;
}
/**
 * Middleware that lets pages of other origins read responses, and answers preflight requests of
 * browsers itself. Put it before middleware that refuses requests without credentials.
 * @throws TypeError for wrong options, and for `credentials` with the origin '*'
 */
export declare function cors(options?: CorsOptions): Middleware;
