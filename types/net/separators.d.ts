import { LimitOverrunError } from '../core/errors.ts';
import type { ByteQueue } from './byte-queue.ts';
/** What `readuntil` looks for. */
export type Separator = string | Uint8Array;
export declare const NEWLINE: readonly Buffer[];
/** One separator or several, checked and as bytes. */
export declare function separatorList(given: Separator | readonly Separator[]): readonly Buffer[];
/** A search that goes on where it stopped when more bytes are there. */
interface Search {
    readonly _separators: readonly Buffer[] | null;
    _scanned: number;
}
/**
 * The end of the shortest match, or -1 when none is there yet.
 * @returns the error instead when the match, or what has been searched in vain, passes `limit`
 */
export declare function findEnd(queue: ByteQueue, search: Search, limit: number): number | LimitOverrunError;
export {};
