import type { ClientResponse } from './response.ts';
/** The base of all errors of the client. */
export declare class ClientError extends Error {
    name: string;
}
/** The connection could not be made, or broke. `code`, `errno` and `syscall` are the cause's. */
export declare class ClientConnectionError extends ClientError {
    name: string;
    code: string | undefined;
    errno: number | undefined;
    syscall: string | undefined;
    constructor(message: string, options?: ErrorOptions);
}
/** No connection to `host`:`port` could be made. */
export declare class ClientConnectorError extends ClientConnectionError {
    name: string;
    readonly host: string;
    readonly port: number;
    constructor(host: string, port: number, cause: Error);
}
/** The host name has no address. */
export declare class ClientDNSError extends ClientConnectorError {
    name: string;
}
/** The server closed the connection before it had answered. */
export declare class ServerDisconnectedError extends ClientConnectionError {
    name: string;
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
    constructor(response: ClientResponse, message: string, history?: readonly ClientResponse[]);
}
/** `json()` on a response that does not say that it is JSON. */
export declare class ContentTypeError extends ClientResponseError {
    name: string;
}
/** More redirections than `maxRedirects`. */
export declare class TooManyRedirectsError extends ClientResponseError {
    name: string;
}
/** A body that is broken, too large when it is unpacked, or gone when it is needed again. */
export declare class ClientPayloadError extends ClientError {
    name: string;
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
