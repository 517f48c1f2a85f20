/** A form that is sent. Its size is known, its files are read as it goes, any number of times. */
export declare class MultipartBody implements AsyncIterable<Uint8Array> {
    #private;
    readonly boundary: string;
    /** Bytes of all of it. */
    readonly size: number;
    constructor(form: FormData);
    get type(): string;
    [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined>;
}
