import type { Middleware } from '../server/middleware-chain.ts';
import type { ContentCoding } from './packing.ts';
export interface CompressionOptions {
    /**
     * The minimum size of a body to compress, in bytes; 1024 by default. Streams of unknown length
     * are always compressed.
     */
    threshold?: number;
    /**
     * The content codings, the preferred one first; ['zstd', 'br', 'gzip'] by default, zstd only
     * where Node has it.
     */
    encodings?: readonly ContentCoding[];
    /**
     * Returns whether bodies of this Content-Type are compressed; by default texts, JSON, XML,
     * scripts, SVG, …
     */
    types?: (type: string) => boolean;
}
/**
 * Middleware that compresses response bodies with a coding that the client accepts
 * (Accept-Encoding). Not compressed are bodies that are already compressed, files, partial content
 * (206), responses with `Cache-Control: no-transform`, and types that do not compress well. A
 * stream is flushed after each piece, so that pieces arrive without delay.
 * @throws TypeError, RangeError for wrong options
 */
export declare function compression(options?: CompressionOptions): Middleware;
