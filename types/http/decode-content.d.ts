/**
 * Takes content codings off a body. All at once and in the loop's thread, with a bound on what may
 * come out: this works also when the loop owns the thread, where Node's streams stand still.
 */
/** The codings of a Content-Encoding header that have to be taken off, outermost first. */
export declare function codingsOf(header: string | null): string[];
/** Whether every coding is known. */
export declare function canDecode(codings: string[]): boolean;
/**
 * @param most - bytes that may come out
 * @throws ClientPayloadError when the body is broken or larger than `most`
 */
export declare function decodeContent(bytes: Uint8Array, codings: string[], most: number): Uint8Array;
