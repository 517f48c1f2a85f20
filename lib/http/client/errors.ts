/**
 * The errors of the client, named as in aiohttp. Each has a `code`, as Node's errors do.
 *
 *     ClientError
 *       ClientConnectionError         before or while bytes went over the wire
 *         ClientOSError               an error of the system, which is its `cause`
 *           ClientConnectorError      no connection could be made
 *             ClientDNSError          the host has no address
 *             ClientSSLError          the TLS handshake with the host failed
 *               ClientConnectorCertificateError  … because of its certificate
 *             ClientProxyConnectionError  the proxy cannot be reached
 *             UnixClientConnectorError    the Unix socket cannot be reached
 *         ServerDisconnectedError     the server closed before it answered
 *         ServerTimeoutError          a time limit passed
 *           ConnectionTimeoutError    … while connecting or waiting for a free connection
 *           SocketTimeoutError        … between two reads
 *       ClientResponseError           the response is not what was wanted
 *         ContentTypeError            … not JSON
 *         TooManyRedirectsError
 *         ClientHttpProxyError        a proxy refused to connect to the host
 *         WebSocketHandshakeError     … no upgrade to a WebSocket
 *       ClientPayloadError            the body is invalid, or cannot be sent again
 *       InvalidURL                    … also in a redirect
 *         NonHttpUrlError
 */
import { TIMED_OUT } from '../../core/errors/errors.ts';
import type { ClientResponse } from './response.ts';

/** The base of all errors of the client. */
export class ClientError extends Error {
  override name = 'ClientError';
  /** For programs: the system's code if there is one, else `ERR_HTTP_…`. */
  code: string;

  constructor(message: string, code = 'ERR_HTTP_CLIENT', options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    // Not printed: the class already says it.
    Object.defineProperty(this, 'code', { enumerable: false });
  }
}

/**
 * The connection could not be made, or broke. `code`, `errno` and `syscall` are those of the cause.
 */
export class ClientConnectionError extends ClientError {
  override name = 'ClientConnectionError';
  declare errno: number | undefined;
  declare syscall: string | undefined;

  constructor(message: string, options?: ErrorOptions & { code?: string }) {
    const cause = options?.cause as NodeJS.ErrnoException | undefined;
    const code = typeof cause?.code === 'string' ? cause.code : undefined;
    super(message, options?.code ?? code ?? 'ERR_HTTP_CONNECTION', options);
    // Properties that the cause lacks are left out, so that they are not printed.
    if (code !== undefined) Object.defineProperty(this, 'code', { enumerable: true });
    if (cause?.errno !== undefined) this.errno = cause.errno;
    if (cause?.syscall !== undefined) this.syscall = cause.syscall;
  }
}

/** An error of the system or of TLS, which is its `cause`. */
export class ClientOSError extends ClientConnectionError {
  override name = 'ClientOSError';
}

/** No connection to `host`:`port` could be made. */
export class ClientConnectorError extends ClientOSError {
  override name = 'ClientConnectorError';
  readonly host: string;
  readonly port: number;

  constructor(host: string, port: number, cause: Error) {
    super(`cannot connect to ${host}:${port}: ${cause.message}`, { cause });
    this.host = host;
    this.port = port;
  }
}

/** The host name has no address. */
export class ClientDNSError extends ClientConnectorError {
  override name = 'ClientDNSError';
}

/** The TLS handshake with the host failed. */
export class ClientSSLError extends ClientConnectorError {
  override name = 'ClientSSLError';
}

/** The certificate of the host is invalid, or does not match the required fingerprint. */
export class ClientConnectorCertificateError extends ClientSSLError {
  override name = 'ClientConnectorCertificateError';
}

/** @internal Whether another attempt to connect may succeed, as it may not with a certificate. */
export function isPassingFailure(error: unknown): boolean {
  return (
    error instanceof ClientConnectionError && !(error instanceof ClientConnectorCertificateError)
  );
}

/** The proxy cannot be reached. */
export class ClientProxyConnectionError extends ClientConnectorError {
  override name = 'ClientProxyConnectionError';
}

/** The Unix socket cannot be reached. */
export class UnixClientConnectorError extends ClientConnectorError {
  override name = 'UnixClientConnectorError';
  /** The path of the socket. */
  readonly path: string;

  constructor(path: string, cause: Error) {
    super(path, 0, cause);
    this.message = `cannot connect to ${JSON.stringify(path)}: ${cause.message}`;
    this.path = path;
  }
}

/** The server closed the connection before it answered. */
export class ServerDisconnectedError extends ClientConnectionError {
  override name = 'ServerDisconnectedError';

  constructor(message = 'server disconnected') {
    super(message, { code: 'ECONNRESET' });
  }
}

/** A time limit of ClientTimeout passed. It is also an instance of TimeoutError. */
export class ServerTimeoutError extends ClientConnectionError {
  override name = 'ServerTimeoutError';

  constructor(message: string) {
    super(message, { code: 'ETIMEDOUT' });
  }
}

Object.defineProperty(ServerTimeoutError.prototype, TIMED_OUT, { value: true });

/** The limit `connect` or `sockConnect` passed. */
export class ConnectionTimeoutError extends ServerTimeoutError {
  override name = 'ConnectionTimeoutError';
}

/** The limit `sockRead` passed. */
export class SocketTimeoutError extends ServerTimeoutError {
  override name = 'SocketTimeoutError';
}

/** A response came, but not the wanted one. */
export class ClientResponseError extends ClientError {
  override name = 'ClientResponseError';
  readonly status: number;
  /** The URL that answered. */
  readonly url: string;
  /** The redirects that led there, oldest first. */
  readonly history: readonly ClientResponse[];

  constructor(
    response: Pick<ClientResponse, 'status' | 'url' | 'history'>,
    message: string,
    history: readonly ClientResponse[] = response.history,
    code = 'ERR_HTTP_STATUS',
  ) {
    super(`${response.status} ${message}, url=${response.url}`, code);
    this.status = response.status;
    this.url = response.url;
    this.history = history;
    // Not printed: the message has what matters.
    for (const name of ['status', 'url', 'history']) {
      Object.defineProperty(this, name, { enumerable: false });
    }
  }
}

/** `json()` on a response whose Content-Type is not JSON. */
export class ContentTypeError extends ClientResponseError {
  override name = 'ContentTypeError';

  constructor(response: ClientResponse, message: string) {
    super(response, message, response.history, 'ERR_HTTP_CONTENT_TYPE');
  }
}

/** More redirects than `maxRedirects`. */
export class TooManyRedirectsError extends ClientResponseError {
  override name = 'TooManyRedirectsError';

  constructor(response: ClientResponse, message: string, history: readonly ClientResponse[]) {
    super(response, message, history, 'ERR_HTTP_TOO_MANY_REDIRECTS');
  }
}

/** A proxy refused to connect to the host; 407 when it requires authentication. */
export class ClientHttpProxyError extends ClientResponseError {
  override name = 'ClientHttpProxyError';

  constructor(proxy: string, status: number, message: string) {
    super({ status, url: proxy, history: [] }, message, [], 'ERR_HTTP_PROXY');
  }
}

/** The server answered a WebSocket handshake with something other than an upgrade. */
export class WebSocketHandshakeError extends ClientResponseError {
  override name = 'WebSocketHandshakeError';

  constructor(response: ClientResponse, message: string) {
    super(response, message, response.history, 'ERR_WEBSOCKET_HANDSHAKE');
  }
}

/** A body that is invalid, too large when unpacked, or no longer available when needed again. */
export class ClientPayloadError extends ClientError {
  override name = 'ClientPayloadError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, 'ERR_HTTP_PAYLOAD', options);
  }
}

/** Not a URL that can be requested. */
export class InvalidURL extends ClientError {
  override name = 'InvalidURL';
  /** The URL, with credentials masked. */
  readonly url: string;

  constructor(url: string, message: string, options?: ErrorOptions) {
    const shown = withoutPassword(url);
    super(`${message}: ${shown}`, 'ERR_INVALID_URL', options);
    this.url = shown;
  }
}

/** A URL whose scheme is not one of HTTP's. */
export class NonHttpUrlError extends InvalidURL {
  override name = 'NonHttpUrlError';
}

/** Errors are logged: passwords are masked. */
function withoutPassword(url: string): string {
  return url.replace(/^([^/?#]*\/\/)[^/?#]*@/, '$1***@');
}
