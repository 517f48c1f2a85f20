import type { TlsContext } from '../../tls/context.ts';
/** The parts of a URL that requests need, kept because parsing a URL costs as much as sending. */
export declare class RequestTarget {
    #private;
    readonly href: string;
    /** Whether it is https. */
    readonly secure: boolean;
    /** Host name and, unless it is the default, port. */
    readonly host: string;
    /** An IPv6 address has no brackets. */
    readonly hostname: string;
    readonly port: number;
    /** Path and query. */
    readonly path: string;
    /** @param url - without credentials */
    constructor(url: URL);
    /** The pool's key for connections; it includes the TLS context, so that contexts share none. */
    originOf(tls: () => TlsContext): string;
    /** The absolute URL, as sent to a proxy. */
    get absolute(): string;
}
