import type { RepeatedRequestOptions } from './repeated-request.ts';
/** Options of `session.download`, in addition to those of a request. */
export interface DownloadOptions extends RepeatedRequestOptions {
    /** Whether to resume what an earlier attempt left; default true. */
    resume?: boolean;
    /** How often to try in one call when the connection breaks; default 5. */
    attempts?: number;
    /** Called for each piece written: bytes so far, and the total size, null if unknown. */
    onProgress?: (received: number, total: number | null) => void;
}
/** The result of `session.download`. */
export interface Download {
    readonly path: string;
    /** The URL that answered, after redirects. */
    readonly url: string;
    /** Size of the file in bytes. */
    readonly size: number;
    /** How many of them an earlier call had left. */
    readonly resumedAt: number;
}
