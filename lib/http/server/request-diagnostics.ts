import { hasListeners, requestChannels, RequestDiagnostics } from '../message/diagnostics.ts';
import type { RequestMessage } from '../message/diagnostics.ts';
import type { Request } from './request.ts';
import type { HttpServer } from './server.ts';

/** What `oxbow:server-request:start`, `error` and `finish` carry. */
export interface ServerRequestMessage extends RequestMessage {
  request: Request;
  server: HttpServer;
}

const CHANNELS = requestChannels('oxbow:server-request');

/** Tells that a request is begun; null while nobody listens. */
export function serverDiagnostics(server: HttpServer, request: Request): RequestDiagnostics | null {
  if (!hasListeners(CHANNELS)) return null;
  return new RequestDiagnostics(CHANNELS, server._loop, { request, server });
}
