import type { Middleware } from '../server/middleware-chain.ts';
export interface EtagOptions {
    /** Makes weak tags: for answers that mean the same without being the same bytes. */
    weak?: boolean;
}
/**
 * Middleware that gives answers of status 200 to GET and HEAD a tag (ETag), a hash of the body, and
 * answers 304 when the client has it already. Bodies that are streams or files, and answers that
 * have a tag, get none; what a tag that is there says is looked at all the same.
 * @throws TypeError for options that do not exist
 */
export declare function etag(options?: EtagOptions): Middleware;
