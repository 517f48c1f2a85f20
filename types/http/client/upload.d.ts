/** Codings for an uploaded body. */
export type UploadCoding = 'gzip' | 'deflate' | 'br';
/** Called while a body is sent: bytes sent so far, and the total; null if unknown. */
export type UploadProgress = (sent: number, total: number | null) => void;
/** The options of a request for sending its body. */
export interface UploadOptions {
    /** Compresses the body, with gzip for true, and sets `Content-Encoding`. */
    compress?: boolean | UploadCoding;
    /** Called for each piece, once the connection has accepted it. */
    onUploadProgress?: UploadProgress;
    /**
     * Whether to ask the server first if it wants the body (`Expect: 100-continue`); without an
     * answer the body is sent after a second. Default false.
     */
    expect100?: boolean;
}
