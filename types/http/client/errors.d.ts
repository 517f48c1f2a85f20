import type { ClientResponse } from './response.ts';
/** The base of all errors of the client. */
export declare class ClientError extends Error {
    name: string;
    /** What it is, for programs: the system's where there is one, else `ERR_HTTP_…`. */
    code: string;
    constructor(message: string, code?: string, options?: ErrorOptions);
}
/** The connection could not be made, or broke. `code`, `errno` and `syscall` are the cause's. */
export declare class ClientConnectionError extends ClientError {
    name: string;
    errno: number | undefined;
    syscall: string | undefined;
    constructor(message: string, options?: ErrorOptions & {
        code?: string;
    });
}
/** The system, or TLS, has said no; `cause` is what it said. */
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
/** There is no TLS with the host: the handshake failed. */
export declare class ClientSSLError extends ClientConnectorError {
    name: string;
}
/** The certificate that the host has shown is not in order, or not one that is asked for. */
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
    readonly path: string;
    constructor(path: string, cause: Error);
}
/** The server closed the connection before it had answered. */
export declare class ServerDisconnectedError extends ClientConnectionError {
    name: string;
    constructor(message?: string);
}
/** A time limit of ClientTimeout passed. It is an instance of TimeoutError, too. */
export declare class ServerTimeoutError extends ClientConnectionError {
    name: string;
    constructor(message: string);
}
/** `connect` or `sockConnect` passed. */
export declare class ConnectionTimeoutError extends ServerTimeoutError {
    name: string;
}
/** `sockRead` passed. */
export declare class SocketTimeoutError extends ServerTimeoutError {
    name: string;
}
/** The answer came, and is not what was wanted. */
export declare class ClientResponseError extends ClientError {
    name: string;
    readonly status: number;
    readonly url: string;
    readonly history: readonly ClientResponse[];
    constructor(response: Pick<ClientResponse, 'status' | 'url' | 'history'>, message: string, history?: readonly ClientResponse[], code?: string);
}
/** `json()` on a response that does not say that it is JSON. */
export declare class ContentTypeError extends ClientResponseError {
    name: string;
    constructor(response: ClientResponse, message: string);
}
/** More redirections than `maxRedirects`. */
export declare class TooManyRedirectsError extends ClientResponseError {
    name: string;
    constructor(response: ClientResponse, message: string, history: readonly ClientResponse[]);
}
/** A proxy has refused to connect to the host: 407 when it wants to know who we are. */
export declare class ClientHttpProxyError extends ClientResponseError {
    name: string;
    constructor(proxy: string, status: number, message: string);
}
/** The server answered a handshake of a WebSocket with something else than a WebSocket. */
export declare class WebSocketHandshakeError extends ClientResponseError {
    name: string;
    constructor(response: ClientResponse, message: string);
}
/** A body that is broken, too large when it is unpacked, or gone when it is needed again. */
export declare class ClientPayloadError extends ClientError {
    name: string;
    constructor(message: string, options?: ErrorOptions);
}
/** No URL that can be requested. */
export declare class InvalidURL extends ClientError {
    name: string;
    readonly url: string;
    constructor(url: string, message: string, options?: ErrorOptions);
}
/** A URL of another scheme than http. */
export declare class NonHttpUrlError extends InvalidURL {
    name: string;
}
