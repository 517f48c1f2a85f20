/** Header fields of a response that have a form of their own: Link and Content-Disposition. */
/** What a `Link` field says of another resource (RFC 8288). */
export interface ResponseLink {
    /** Absolute: relative ones are resolved against the URL of the response. */
    readonly url: string;
    /** The other parameters, such as `title` and `type`, by name in lower case. */
    readonly params: Readonly<Record<string, string>>;
}
/** How a body is meant to be presented (RFC 6266). */
export interface ContentDisposition {
    /** `inline`, `attachment`, …, in lower case. */
    readonly type: string;
    /**
     * The name that a server suggests for a file; null for none. It is as the server wrote it, and
     * may have slashes: take `path.basename` of it.
     */
    readonly filename: string | null;
    readonly params: Readonly<Record<string, string>>;
}
