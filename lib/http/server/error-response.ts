/** Responses that say what went wrong. */
import { isA, TimeoutError } from '../../core/errors/errors.ts';
import { HttpError } from '../message/http-error.ts';
import { MalformedJson } from './request.ts';
import { Response } from './response.ts';

/** The response to a request that no handler sees. */
export function refusal(status: number): Response {
  const { message } = new HttpError(status);
  return new Response(message, { status });
}

/** The response that an error stands for; null when it does not stand for one, or was spoilt. */
export function responseOf(error: unknown): Response | null {
  if (isA(error, MalformedJson)) return refusal(400);
  if (!isA(error, HttpError)) return null;
  try {
    return new Response(error.message, { status: error.status });
  } catch {
    return null;
  }
}

/** The response when a handler failed with anything else. */
export function failureResponse(error: unknown): Response {
  return isTimeout(error)
    ? new Response('Gateway Timeout', { status: 504 })
    : new Response('Internal Server Error', { status: 500 });
}

/** A TimeoutError of ours, or of an `AbortSignal.timeout()`: what the handler needs is late. */
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
