/**
 * A form as a body. Its size is known; its files are read while it is sent, and it can be sent
 * again.
 */
export declare class MultipartBody implements AsyncIterable<Uint8Array> {
    #private;
    readonly boundary: string;
    /** The total size in bytes. */
    readonly size: number;
    constructor(form: FormData);
    get type(): string;
    [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined>;
}
