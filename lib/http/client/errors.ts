/**
 * What can go wrong with a request, with aiohttp's names. Each has a `code`, as errors of Node
 * have.
 *
 *     ClientError
 *       ClientConnectionError         before or while bytes went over the wire
 *         ClientOSError               the system has said no; `cause` is its error
 *           ClientConnectorError      no connection could be made
 *             ClientDNSError          the host has no address
 *             ClientSSLError          no TLS with the host
 *               ClientConnectorCertificateError  … its certificate is not in order
 *             ClientProxyConnectionError  the proxy cannot be reached
 *             UnixClientConnectorError    the Unix socket cannot be reached
 *         ServerDisconnectedError     the server closed before it answered
 *         ServerTimeoutError          a time limit passed
 *           ConnectionTimeoutError    … while connecting or waiting for a free connection
 *           SocketTimeoutError        … between two reads
 *       ClientResponseError           the answer is not what was wanted
 *         ContentTypeError            … no JSON
 *         TooManyRedirectsError
 *         ClientHttpProxyError        a proxy has refused to connect to the host
 *         WebSocketHandshakeError     … no WebSocket
 *       ClientPayloadError            the body is broken, or cannot be sent again
 *       InvalidURL                    … also of a redirection
 *         NonHttpUrlError
 */
import { TIMED_OUT } from '../../core/errors/errors.ts';
import type { ClientResponse } from './response.ts';

/** The base of all errors of the client. */
export class ClientError extends Error {
  override name = 'ClientError';
  /** What it is, for programs: the system's where there is one, else `ERR_HTTP_…`. */
  code: string;

  constructor(message: string, code = 'ERR_HTTP_CLIENT', options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    // It is said by the class already; printing the error shall not say it twice.
    Object.defineProperty(this, 'code', { enumerable: false });
  }
}

/** The connection could not be made, or broke. `code`, `errno` and `syscall` are the cause's. */
export class ClientConnectionError extends ClientError {
  override name = 'ClientConnectionError';
  declare errno: number | undefined;
  declare syscall: string | undefined;

  constructor(message: string, options?: ErrorOptions & { code?: string }) {
    const cause = options?.cause as NodeJS.ErrnoException | undefined;
    const code = typeof cause?.code === 'string' ? cause.code : undefined;
    super(message, options?.code ?? code ?? 'ERR_HTTP_CONNECTION', options);
    // What the cause has not is not there, so that it is not printed either.
    if (code !== undefined) Object.defineProperty(this, 'code', { enumerable: true });
    if (cause?.errno !== undefined) this.errno = cause.errno;
    if (cause?.syscall !== undefined) this.syscall = cause.syscall;
  }
}

/** The system, or TLS, has said no; `cause` is what it said. */
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

/** There is no TLS with the host: the handshake failed. */
export class ClientSSLError extends ClientConnectorError {
  override name = 'ClientSSLError';
}

/** The certificate that the host has shown is not in order, or not one that is asked for. */
export class ClientConnectorCertificateError extends ClientSSLError {
  override name = 'ClientConnectorCertificateError';
}

/** The proxy cannot be reached. */
export class ClientProxyConnectionError extends ClientConnectorError {
  override name = 'ClientProxyConnectionError';
}

/** The Unix socket cannot be reached. */
export class UnixClientConnectorError extends ClientConnectorError {
  override name = 'UnixClientConnectorError';
  readonly path: string;

  constructor(path: string, cause: Error) {
    super(path, 0, cause);
    this.message = `cannot connect to ${JSON.stringify(path)}: ${cause.message}`;
    this.path = path;
  }
}

/** The server closed the connection before it had answered. */
export class ServerDisconnectedError extends ClientConnectionError {
  override name = 'ServerDisconnectedError';

  constructor(message = 'server disconnected') {
    super(message, { code: 'ECONNRESET' });
  }
}

/** A time limit of ClientTimeout passed. It is an instance of TimeoutError, too. */
export class ServerTimeoutError extends ClientConnectionError {
  override name = 'ServerTimeoutError';

  constructor(message: string) {
    super(message, { code: 'ETIMEDOUT' });
  }
}

Object.defineProperty(ServerTimeoutError.prototype, TIMED_OUT, { value: true });

/** `connect` or `sockConnect` passed. */
export class ConnectionTimeoutError extends ServerTimeoutError {
  override name = 'ConnectionTimeoutError';
}

/** `sockRead` passed. */
export class SocketTimeoutError extends ServerTimeoutError {
  override name = 'SocketTimeoutError';
}

/** The answer came, and is not what was wanted. */
export class ClientResponseError extends ClientError {
  override name = 'ClientResponseError';
  readonly status: number;
  readonly url: string;
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
    // The message says what there is to say; printing the error shall not print them all.
    for (const name of ['status', 'url', 'history']) {
      Object.defineProperty(this, name, { enumerable: false });
    }
  }
}

/** `json()` on a response that does not say that it is JSON. */
export class ContentTypeError extends ClientResponseError {
  override name = 'ContentTypeError';

  constructor(response: ClientResponse, message: string) {
    super(response, message, response.history, 'ERR_HTTP_CONTENT_TYPE');
  }
}

/** More redirections than `maxRedirects`. */
export class TooManyRedirectsError extends ClientResponseError {
  override name = 'TooManyRedirectsError';

  constructor(response: ClientResponse, message: string, history: readonly ClientResponse[]) {
    super(response, message, history, 'ERR_HTTP_TOO_MANY_REDIRECTS');
  }
}

/** A proxy has refused to connect to the host: 407 when it wants to know who we are. */
export class ClientHttpProxyError extends ClientResponseError {
  override name = 'ClientHttpProxyError';

  constructor(proxy: string, status: number, message: string) {
    super({ status, url: proxy, history: [] }, message, [], 'ERR_HTTP_PROXY');
  }
}

/** The server answered a handshake of a WebSocket with something else than a WebSocket. */
export class WebSocketHandshakeError extends ClientResponseError {
  override name = 'WebSocketHandshakeError';

  constructor(response: ClientResponse, message: string) {
    super(response, message, response.history, 'ERR_WEBSOCKET_HANDSHAKE');
  }
}

/** A body that is broken, too large when it is unpacked, or gone when it is needed again. */
export class ClientPayloadError extends ClientError {
  override name = 'ClientPayloadError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, 'ERR_HTTP_PAYLOAD', options);
  }
}

/** No URL that can be requested. */
export class InvalidURL extends ClientError {
  override name = 'InvalidURL';
  readonly url: string;

  constructor(url: string, message: string, options?: ErrorOptions) {
    const shown = withoutPassword(url);
    super(`${message}: ${shown}`, 'ERR_INVALID_URL', options);
    this.url = shown;
  }
}

/** A URL of another scheme than http. */
export class NonHttpUrlError extends InvalidURL {
  override name = 'NonHttpUrlError';
}

/** Errors end up in logs. */
function withoutPassword(url: string): string {
  return url.replace(/^([^/?#]*\/\/)[^/?#]*@/, '$1***@');
}
