/** How a file is served. */
export interface FileOptions {
    /**
     * The folder that the path counts from and cannot leave, by `..` or by a symbolic link. With it
     * the path may come from a client: what is not inside is a 404.
     */
    root?: string | URL;
    /** The Content-Type; by default what the name ends in says, else application/octet-stream. */
    type?: string;
    /** Has browsers save it: under its own name (true) or another one. */
    download?: boolean | string;
    /** The Cache-Control field; none by default. */
    cacheControl?: string;
    /** Whether parts of it may be asked for; true by default. */
    ranges?: boolean;
    /** Whether it has an ETag, of its time and size; true by default. */
    etag?: boolean;
    /** Whether it has a Last-Modified field; true by default. */
    lastModified?: boolean;
    /**
     * Whether a packed file that stands beside it, of the same name with `.br`, `.zst` or `.gz`, goes
     * out in its place to clients that can unpack it; false by default.
     */
    precompressed?: boolean;
}
