import type { RepeatedRequestOptions } from './repeated-request.ts';
/** What `session.download` takes besides the options of a request. */
export interface DownloadOptions extends RepeatedRequestOptions {
    /** Whether what an earlier attempt has left is gone on with; true by default. */
    resume?: boolean;
    /** How often it is tried in one call, when the connection breaks in between; 5 by default. */
    attempts?: number;
    /**
     * Called for each piece written to the file: bytes so far, and of how many; null if not known.
     */
    onProgress?: (received: number, total: number | null) => void;
}
/** What has come of it. */
export interface Download {
    readonly path: string;
    /** The URL that answered, after redirections. */
    readonly url: string;
    /** Bytes of the file. */
    readonly size: number;
    /** Those of them that were there before. */
    readonly resumedAt: number;
}
