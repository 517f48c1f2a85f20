import type { Packed } from './wire.ts';
/**
 * Packs values for another thread.
 * @param nameOf - what the n-th value is, for the message
 * @throws DOMException named DataCloneError
 */
export declare function packCloned(values: readonly unknown[], nameOf: (index: number) => string): Packed;
