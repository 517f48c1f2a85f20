/** `session.fetch`: WHATWG's fetch over a session, with the web's own objects. */
import type { ReadableStream } from 'node:stream/web';

import type { Coro } from '../../core/support/types.ts';
import { byteStream } from '../message/web-body.ts';
import { promise } from '../../tasks/promise.ts';
import { ClientError } from './errors.ts';
import type { ClientResponse } from './response.ts';
import type { ClientSession } from './session.ts';
import { promiseOf } from './unpacking.ts';

type WebRequest = InstanceType<typeof globalThis.Request>;
type WebResponse = InstanceType<typeof globalThis.Response>;

/**
 * For URLs without a network. Captured when this module loads, since a program may replace the
 * global `fetch` with `session.fetch`.
 */
const nativeFetch = globalThis.fetch;
const LOCAL = /^(?:data|blob):/;

/** The first and second parameter of `fetch`. */
export type FetchInput = string | URL | WebRequest;
export type FetchInit = NonNullable<ConstructorParameters<typeof globalThis.Request>[1]>;

/** How many redirects are followed, as in fetch. */
const REDIRECTS_MAX = 20;

/** Statuses with which WHATWG's Response accepts no body. */
const NULL_BODY = new Set([101, 103, 204, 205, 304]);

/**
 * Implements `session.fetch`.
 * @throws TypeError like fetch's: for an invalid request, and, with a cause, for network errors;
 *   the reason of an aborted signal
 */
export function* fetchThrough(
  session: ClientSession,
  base: URL | null,
  input: FetchInput,
  init: FetchInit | undefined,
): Coro<WebResponse> {
  const isRequest = typeof input === 'object' && 'headers' in input;
  const request = new globalThis.Request(
    isRequest || base === null ? input : new URL(String(input), base),
    init,
  );
  // The original signal: that of the Request no longer follows it once the Request is collected.
  const signal = init?.signal ?? (isRequest ? input.signal : request.signal);
  if (signal.aborted) throw signal.reason;
  if (LOCAL.test(request.url)) return yield* promise(nativeFetch(request, { signal }));
  try {
    const response = yield* session.request(request.method, request.url, {
      headers: [...request.headers],
      // The Request has already set the type of the body, if it has one.
      skipAutoHeaders: ['content-type'],
      body: bodyOf(request, init) as never,
      redirect: request.redirect,
      maxRedirects: REDIRECTS_MAX,
      raiseForStatus: false,
      signal,
    });
    return webResponse(response, signal);
  } catch (error) {
    throw asOfFetch(error, signal, 'fetch failed');
  }
}

/**
 * The given body, if it can be sent again and has a length; otherwise the stream of the Request.
 */
function bodyOf(request: WebRequest, init: FetchInit | undefined): unknown {
  const given: unknown = init?.body;
  const whole =
    typeof given === 'string' ||
    given instanceof Blob ||
    given instanceof ArrayBuffer ||
    given instanceof URLSearchParams ||
    ArrayBuffer.isView(given);
  if (!whole) return request.body;
  return given instanceof URLSearchParams ? given.toString() : given;
}

function webResponse(response: ClientResponse, signal: AbortSignal): WebResponse {
  const { status, statusText, method } = response;
  const bodyless = NULL_BODY.has(status) || method === 'HEAD';
  if (bodyless) response.release();
  const made = new globalThis.Response(bodyless ? null : streamOf(response, signal), {
    status,
    statusText,
    headers: [...response._allHeaders()],
  });
  return asFetched(made, response.url.replace(/#.*$/, ''), response.redirected);
}

/** Sets properties that the constructor of Response does not accept. */
function asFetched(response: WebResponse, url: string, redirected: boolean): WebResponse {
  const clone = (): WebResponse =>
    asFetched(globalThis.Response.prototype.clone.call(response), url, redirected);
  for (const [name, value] of Object.entries({ url, redirected, type: 'basic', clone })) {
    Object.defineProperty(response, name, { value, configurable: true });
  }
  return response;
}

function streamOf(response: ClientResponse, signal: AbortSignal): ReadableStream<Uint8Array> {
  const { body } = response;
  const read = async (): Promise<Uint8Array | null> => {
    try {
      return await promiseOf(body.read());
    } catch (error) {
      throw asOfFetch(error, signal, 'terminated');
    }
  };
  return byteStream(read, () => response.close());
}

function asOfFetch(error: unknown, signal: AbortSignal, message: string): unknown {
  if (signal.aborted && (error as Error | null)?.name === 'AbortError') return signal.reason;
  return error instanceof ClientError ? new TypeError(message, { cause: error }) : error;
}
