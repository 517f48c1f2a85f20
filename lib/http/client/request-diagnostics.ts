import type { EventLoop } from '../../core/loop/event-loop.ts';
import { hasListeners, requestChannels, RequestDiagnostics } from '../message/diagnostics.ts';
import type { RequestMessage } from '../message/diagnostics.ts';
import type { Headers } from '../message/headers.ts';
import type { ClientSession } from './session.ts';

/** A request as seen by subscribers. Those of `start` may still add headers. */
export interface SentRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
}

/** The messages of `oxbow:client-request:start`, `error` and `finish`. */
export interface ClientRequestMessage extends RequestMessage {
  /** The same object in all messages of one request. A redirect causes another request. */
  request: SentRequest;
  /** The session that sends it. */
  session: ClientSession;
}

const CHANNELS = requestChannels('oxbow:client-request');

/** Whether the channels have subscribers. */
export function isTold(): boolean {
  return hasListeners(CHANNELS);
}

/** Reports the start of a request; null when nobody subscribes. */
export function clientDiagnostics(
  session: ClientSession,
  loop: EventLoop,
  request: SentRequest,
): RequestDiagnostics | null {
  if (!hasListeners(CHANNELS)) return null;
  return new RequestDiagnostics(CHANNELS, loop, { request, session });
}
