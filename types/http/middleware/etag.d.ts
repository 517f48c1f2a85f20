import type { Middleware } from '../server/middleware-chain.ts';
export interface EtagOptions {
    /**
     * Whether tags are weak, for responses that are equivalent without being the same bytes; false by
     * default.
     */
    weak?: boolean;
}
/**
 * Middleware that gives responses of status 200 to GET and HEAD an ETag, a hash of the body, and
 * answers 304 when the client already has the same content. Streams and files get no tag; a tag
 * that the handler has set is kept, and compared in the same way.
 * @throws TypeError for wrong options
 */
export declare function etag(options?: EtagOptions): Middleware;
