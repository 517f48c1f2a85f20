/** Parsers for the response headers Link and Content-Disposition. */
/** One link of a `Link` header (RFC 8288). */
export interface ResponseLink {
    /** Absolute: relative URLs are resolved against that of the response. */
    readonly url: string;
    /** The parameters, such as `rel`, `title` and `type`, by lower-case name. */
    readonly params: Readonly<Record<string, string>>;
}
/** How a body is meant to be presented (RFC 6266). */
export interface ContentDisposition {
    /** `inline`, `attachment`, …, in lower case. */
    readonly type: string;
    /**
     * The file name suggested by the server; null for none. It is not sanitised and may contain
     * slashes: use `path.basename` of it.
     */
    readonly filename: string | null;
    /** All parameters, by lower-case name. */
    readonly params: Readonly<Record<string, string>>;
}
