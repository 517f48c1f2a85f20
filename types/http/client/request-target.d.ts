import type { TlsContext } from '../../tls/context.ts';
/** What a request needs of its URL: to take a URL apart costs as much as to send the request. */
export declare class RequestTarget {
    #private;
    readonly href: string;
    /** Whether it is https. */
    readonly secure: boolean;
    /** Name of the server and, unless it is the usual one, the port. */
    readonly host: string;
    /** An IPv6 address stands without brackets. */
    readonly hostname: string;
    readonly port: number;
    /** With the query. */
    readonly path: string;
    /** @param url - without credentials */
    constructor(url: URL);
    /** What a connection is known by: nothing protected in another way is taken for it. */
    originOf(tls: () => TlsContext): string;
    /** As a proxy gets it. */
    get absolute(): string;
}
