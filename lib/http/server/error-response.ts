/** Responses for errors. */
import { isA, TimeoutError } from '../../core/errors/errors.ts';
import { HttpError } from '../message/http-error.ts';
import { MalformedJson } from './request.ts';
import { Response } from './response.ts';

/** The response to a request that is refused before any handler sees it. */
export function refusal(status: number): Response {
  const { message } = new HttpError(status);
  return new Response(message, { status });
}

/**
 * The response that an HttpError or a malformed JSON body represents. Null for other errors, and
 * for an HttpError that was made invalid.
 */
export function responseOf(error: unknown): Response | null {
  if (isA(error, MalformedJson)) return refusal(400);
  if (!isA(error, HttpError)) return null;
  try {
    return new Response(error.message, { status: error.status });
  } catch {
    return null;
  }
}

/** The response when a handler fails with any other error. */
export function failureResponse(error: unknown): Response {
  return isTimeout(error)
    ? new Response('Gateway Timeout', { status: 504 })
    : new Response('Internal Server Error', { status: 500 });
}

/**
 * Whether it is this package's TimeoutError or that of `AbortSignal.timeout()`: something the
 * handler depends on took too long.
 */
function isTimeout(error: unknown): boolean {
  try {
    return (
      error instanceof TimeoutError ||
      (error instanceof DOMException && error.name === 'TimeoutError')
    );
  } catch {
    return false;
  }
}
