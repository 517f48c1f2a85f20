/**
 * What can go wrong with a request, with aiohttp's names:
 *
 *     ClientError
 *       ClientConnectionError         before or while bytes went over the wire
 *         ClientConnectorError        no connection could be made; `cause` is the system's error
 *           ClientDNSError            the host has no address
 *         ServerDisconnectedError     the server closed before it answered
 *         ServerTimeoutError          a time limit passed
 *           ConnectionTimeoutError    … while connecting or waiting for a free connection
 *           SocketTimeoutError        … between two reads
 *       ClientResponseError           the answer is not what was wanted
 *         ContentTypeError            … no JSON
 *         TooManyRedirectsError
 *       ClientPayloadError            the body is broken, or cannot be sent again
 *       InvalidURL                    … also of a redirection
 *         NonHttpUrlError
 */
import { TIMED_OUT } from '../../core/errors/errors.ts';
import type { ClientResponse } from './response.ts';

/** The base of all errors of the client. */
export class ClientError extends Error {
  override name = 'ClientError';
}

/** The connection could not be made, or broke. `code`, `errno` and `syscall` are the cause's. */
export class ClientConnectionError extends ClientError {
  override name = 'ClientConnectionError';
  declare code: string | undefined;
  declare errno: number | undefined;
  declare syscall: string | undefined;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    const cause = options?.cause as NodeJS.ErrnoException | undefined;
    // What the cause has not is not there, so that it is not printed either.
    if (cause?.code !== undefined) this.code = cause.code;
    if (cause?.errno !== undefined) this.errno = cause.errno;
    if (cause?.syscall !== undefined) this.syscall = cause.syscall;
  }
}

/** No connection to `host`:`port` could be made. */
export class ClientConnectorError extends ClientConnectionError {
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

/** The server closed the connection before it had answered. */
export class ServerDisconnectedError extends ClientConnectionError {
  override name = 'ServerDisconnectedError';
}

/** A time limit of ClientTimeout passed. It is an instance of TimeoutError, too. */
export class ServerTimeoutError extends ClientConnectionError {
  override name = 'ServerTimeoutError';

  constructor(message: string) {
    super(message);
    this.code = 'ETIMEDOUT';
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
    response: ClientResponse,
    message: string,
    history: readonly ClientResponse[] = response.history,
  ) {
    super(`${response.status} ${message}, url=${response.url}`);
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
}

/** More redirections than `maxRedirects`. */
export class TooManyRedirectsError extends ClientResponseError {
  override name = 'TooManyRedirectsError';
}

/** A body that is broken, too large when it is unpacked, or gone when it is needed again. */
export class ClientPayloadError extends ClientError {
  override name = 'ClientPayloadError';
}

/** No URL that can be requested. */
export class InvalidURL extends ClientError {
  override name = 'InvalidURL';
  readonly url: string;

  constructor(url: string, message: string, options?: ErrorOptions) {
    const shown = withoutPassword(url);
    super(`${message}: ${shown}`, options);
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
