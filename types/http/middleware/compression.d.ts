import type { Middleware } from '../server/middleware-chain.ts';
import type { ContentCoding } from './packing.ts';
export interface CompressionOptions {
    /**
     * Bytes from which on a body is worth it; 1024 by default. Streams of unknown length always are.
     */
    threshold?: number;
    /**
     * Which codings, the dearest first; ['zstd', 'br', 'gzip'] by default, zstd where Node has it.
     */
    encodings?: readonly ContentCoding[];
    /** Whether a body of this Content-Type shrinks; by default texts, JSON, XML, scripts, SVG, … */
    types?: (type: string) => boolean;
}
/**
 * Middleware that packs bodies, as the client takes them (Accept-Encoding). It leaves alone what is
 * packed already, files, parts (206), what says
 * `Cache-Control: no-transform`, and types that do not shrink. A stream is flushed after each
 * piece, so that what it says arrives when it is said.
 * @throws TypeError, RangeError for options that do not exist
 */
export declare function compression(options?: CompressionOptions): Middleware;
