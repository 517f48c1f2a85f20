import type { ClientResponse } from './response.ts';
/** The base of all errors of the client. */
export declare class ClientError extends Error {
    name: string;
    /** For programs: the system's code if there is one, else `ERR_HTTP_…`. */
    code: string;
    constructor(message: string, code?: string, options?: ErrorOptions);
}
/**
 * The connection could not be made, or broke. `code`, `errno` and `syscall` are those of the cause.
 */
export declare class ClientConnectionError extends ClientError {
    name: string;
    errno: number | undefined;
    syscall: string | undefined;
    constructor(message: string, options?: ErrorOptions & {
        code?: string;
    });
}
/** An error of the system or of TLS, which is its `cause`. */
export declare class ClientOSError extends ClientConnectionError {
    name: string;
}
/** No connection to `host`:`port` could be made. */
export declare class ClientConnectorError extends ClientOSError {
    name: string;
    readonly host: string;
    readonly port: number;
    constructor(host: string, port: number, cause: Error);
}
/** The host name has no address. */
export declare class ClientDNSError extends ClientConnectorError {
    name: string;
}
/** The TLS handshake with the host failed. */
export declare class ClientSSLError extends ClientConnectorError {
    name: string;
}
/** The certificate of the host is invalid, or does not match the required fingerprint. */
export declare class ClientConnectorCertificateError extends ClientSSLError {
    name: string;
}
/** The proxy cannot be reached. */
export declare class ClientProxyConnectionError extends ClientConnectorError {
    name: string;
}
/** The Unix socket cannot be reached. */
export declare class UnixClientConnectorError extends ClientConnectorError {
    name: string;
    /** The path of the socket. */
    readonly path: string;
    constructor(path: string, cause: Error);
}
/** The server closed the connection before it answered. */
export declare class ServerDisconnectedError extends ClientConnectionError {
    name: string;
    constructor(message?: string);
}
/** A time limit of ClientTimeout passed. It is also an instance of TimeoutError. */
export declare class ServerTimeoutError extends ClientConnectionError {
    name: string;
    constructor(message: string);
}
/** The limit `connect` or `sockConnect` passed. */
export declare class ConnectionTimeoutError extends ServerTimeoutError {
    name: string;
}
/** The limit `sockRead` passed. */
export declare class SocketTimeoutError extends ServerTimeoutError {
    name: string;
}
/** A response came, but not the wanted one. */
export declare class ClientResponseError extends ClientError {
    name: string;
    readonly status: number;
    /** The URL that answered. */
    readonly url: string;
    /** The redirects that led there, oldest first. */
    readonly history: readonly ClientResponse[];
    constructor(response: Pick<ClientResponse, 'status' | 'url' | 'history'>, message: string, history?: readonly ClientResponse[], code?: string);
}
/** `json()` on a response whose Content-Type is not JSON. */
export declare class ContentTypeError extends ClientResponseError {
    name: string;
    constructor(response: ClientResponse, message: string);
}
/** More redirects than `maxRedirects`. */
export declare class TooManyRedirectsError extends ClientResponseError {
    name: string;
    constructor(response: ClientResponse, message: string, history: readonly ClientResponse[]);
}
/** A proxy refused to connect to the host; 407 when it requires authentication. */
export declare class ClientHttpProxyError extends ClientResponseError {
    name: string;
    constructor(proxy: string, status: number, message: string);
}
/** The server answered a WebSocket handshake with something other than an upgrade. */
export declare class WebSocketHandshakeError extends ClientResponseError {
    name: string;
    constructor(response: ClientResponse, message: string);
}
/** A body that is invalid, too large when unpacked, or no longer available when needed again. */
export declare class ClientPayloadError extends ClientError {
    name: string;
    constructor(message: string, options?: ErrorOptions);
}
/** Not a URL that can be requested. */
export declare class InvalidURL extends ClientError {
    name: string;
    /** The URL, with credentials masked. */
    readonly url: string;
    constructor(url: string, message: string, options?: ErrorOptions);
}
/** A URL whose scheme is not one of HTTP's. */
export declare class NonHttpUrlError extends InvalidURL {
    name: string;
}
