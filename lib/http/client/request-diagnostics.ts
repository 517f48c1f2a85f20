import type { EventLoop } from '../../core/loop/event-loop.ts';
import { hasListeners, requestChannels, RequestDiagnostics } from '../message/diagnostics.ts';
import type { RequestMessage } from '../message/diagnostics.ts';
import type { Headers } from '../message/headers.ts';
import type { ClientSession } from './session.ts';

/** A request as a client sends it. At its start headers may still be added to it. */
export interface SentRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
}

/** What `oxbow:client-request:start`, `error` and `finish` carry. */
export interface ClientRequestMessage extends RequestMessage {
  /** The same object for one request; a redirection is followed by another request. */
  request: SentRequest;
  session: ClientSession;
}

const CHANNELS = requestChannels('oxbow:client-request');

/** Whether requests have subscribers. */
export function isTold(): boolean {
  return hasListeners(CHANNELS);
}

/** Tells that a request is begun; null while nobody listens. */
export function clientDiagnostics(
  session: ClientSession,
  loop: EventLoop,
  request: SentRequest,
): RequestDiagnostics | null {
  if (!hasListeners(CHANNELS)) return null;
  return new RequestDiagnostics(CHANNELS, loop, { request, session });
}
