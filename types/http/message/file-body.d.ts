/** Options for serving a file. */
export interface FileOptions {
    /**
     * The folder that the path is relative to and cannot leave, neither by `..` nor by a symbolic
     * link. With it the path may come from a client: a path outside is a 404.
     */
    root?: string | URL;
    /**
     * The Content-Type; by default chosen by the extension of the name, or else
     * application/octet-stream.
     */
    type?: string;
    /** Makes browsers save it: under its own name (true) or the given one. */
    download?: boolean | string;
    /** The Cache-Control field; none by default. */
    cacheControl?: string;
    /** Whether range requests are supported; true by default. */
    ranges?: boolean;
    /** Whether to send an ETag, made of its modification time and size; true by default. */
    etag?: boolean;
    /** Whether to send a Last-Modified field; true by default. */
    lastModified?: boolean;
    /**
     * Whether a compressed file next to it, of the same name plus `.br`, `.zst` or `.gz`, is sent
     * instead to clients that accept that coding; false by default.
     */
    precompressed?: boolean;
}
