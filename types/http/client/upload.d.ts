/** How a body can be packed. */
export type UploadCoding = 'gzip' | 'deflate' | 'br';
/** Told while a body is sent: bytes on their way so far, and of how many; null for not known. */
export type UploadProgress = (sent: number, total: number | null) => void;
/** The part of the options of a request that says how its body goes out. */
export interface UploadOptions {
    /** Packs the body; true for gzip. It says so in `Content-Encoding`. */
    compress?: boolean | UploadCoding;
    /** Called for each piece handed to the connection, which has taken those before. */
    onUploadProgress?: UploadProgress;
    /**
     * Whether the server is asked whether it wants the body (`Expect: 100-continue`); without an
     * answer it is sent after a second.
     */
    expect100?: boolean;
}
