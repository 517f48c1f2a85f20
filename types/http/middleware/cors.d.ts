import type { Duration } from '../../core/support/duration.ts';
import type { Middleware } from '../server/middleware-chain.ts';
import type { Request } from '../server/request.ts';
export interface CorsOptions {
    /**
     * Origins that may read the answers: '*' for all, the default; one, several
     * ('https://example.com'), or a function that says whether one may.
     */
    origin?: string | readonly string[] | ((origin: string, request: Request) => boolean);
    /** Methods that they may use; GET, HEAD, PUT, PATCH, POST and DELETE by default. */
    methods?: readonly string[];
    /** Fields that they may send; by default those that they ask for. */
    allowedHeaders?: readonly string[];
    /** Fields of the answer that they may read, besides the harmless ones. */
    exposedHeaders?: readonly string[];
    /** Whether cookies and the like may be sent along; needs origins that are named. */
    credentials?: boolean;
    /** How long browsers may remember what is allowed; 5 s unless it is set. */
    maxAge?: Duration;
}
/**
 * Middleware that lets pages of other origins read the answers, and answers what browsers ask
 * before (preflight) itself. It stands before whatever refuses requests without credentials.
 * @throws TypeError for options that do not exist, and for credentials to '*'
 */
export declare function cors(options?: CorsOptions): Middleware;
