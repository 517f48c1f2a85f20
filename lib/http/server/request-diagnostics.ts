import { hasListeners, requestChannels, RequestDiagnostics } from '../message/diagnostics.ts';
import type { RequestMessage } from '../message/diagnostics.ts';
import type { Request } from './request.ts';
import type { HttpServer } from './server.ts';

/** The message of the diagnostics channels `oxbow:server-request:start`, `error` and `finish`. */
export interface ServerRequestMessage extends RequestMessage {
  request: Request;
  server: HttpServer;
}

const CHANNELS = requestChannels('oxbow:server-request');

/** Publishes the start of a request; null when there are no subscribers. */
export function serverDiagnostics(server: HttpServer, request: Request): RequestDiagnostics | null {
  if (!hasListeners(CHANNELS)) return null;
  return new RequestDiagnostics(CHANNELS, server._loop, { request, server });
}
