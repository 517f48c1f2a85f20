/** `oxbow/http`: an HTTP/1.1 and WebSocket server and client on the loop. Table of contents. */
export { serve } from './http/server/serve.ts';
export type {
  AnyResponse,
  Handler,
  HandlerResult,
  ReloadOptions,
  Route,
  Routes,
  ServeOptions,
  WebHandler,
  WebServeOptions,
} from './http/server/serve-options.ts';
export { accessLog } from './http/middleware/access-log.ts';
export type { AccessLogOptions, AccessRecord } from './http/middleware/access-log.ts';
export type { LogSink } from './http/middleware/log-writer.ts';
export { compression } from './http/middleware/compression.ts';
export type { CompressionOptions } from './http/middleware/compression.ts';
export type { ContentCoding } from './http/middleware/packing.ts';
export { etag } from './http/middleware/etag.ts';
export type { EtagOptions } from './http/middleware/etag.ts';
export { rateLimit } from './http/middleware/rate-limit.ts';
export type { RateLimitOptions } from './http/middleware/rate-limit.ts';
export { bodyLimit } from './http/middleware/body-limit.ts';
export { cancelOnDisconnect } from './http/middleware/cancel-on-disconnect.ts';
export { cors } from './http/middleware/cors.ts';
export type { CorsOptions } from './http/middleware/cors.ts';
export { REQUEST_ID, requestId } from './http/middleware/request-id.ts';
export type { RequestIdOptions } from './http/middleware/request-id.ts';
export { requestTimeout } from './http/middleware/request-timeout.ts';
export { securityHeaders } from './http/middleware/security-headers.ts';
export type { SecurityHeadersOptions } from './http/middleware/security-headers.ts';
export { toNodeHandler } from './http/node/to-node-handler.ts';
export type { NodeHandlerOptions, NodeServer } from './http/node/to-node-handler.ts';
export type { NodeUpgradeListener } from './http/node/node-upgrade.ts';
export type { NodeListener } from './http/node/node-exchange.ts';
export { group } from './http/server/route-group.ts';
export type { GroupOptions } from './http/server/route-group.ts';
export type { Middleware, Next } from './http/server/middleware-chain.ts';
export { ContextKey } from './http/server/context-key.ts';
export type { ContextKeyOptions } from './http/server/context-key.ts';
export { url } from './http/router/build-url.ts';
export type { UrlParams, UrlQuery } from './http/router/build-url.ts';
export type { PathParams } from './http/router/pattern.ts';
export type { HttpServer, ServerCounters } from './http/server/server.ts';
export type { StartHook, StopHook, Teardown } from './http/server/lifecycle.ts';
export type { WorkerOptions } from './http/server/serve.ts';
export type { PlaceOptions } from './http/server/places.ts';
export { handOver } from './http/workers/hand-over.ts';
export type { HandOverOptions } from './http/workers/hand-over.ts';
export type { RunningServer } from './http/workers/running-server.ts';
export { WorkerServer } from './http/workers/worker-server.ts';
export type { Request } from './http/server/request.ts';
export { websocket } from './http/server/websocket.ts';
export type {
  Origins,
  WebSocketHandlers,
  WebSocketMain,
  WebSocketOptions,
  WebSocketRoute,
} from './http/server/websocket.ts';
export type {
  SendResult,
  WebSocketConnection,
  WebSocketMessage,
} from './http/websocket/connection.ts';
export type { WebSocketCompressionOptions, WebSocketLimits } from './http/websocket/settings.ts';
export { WebSocketClosedError } from './http/websocket/errors.ts';
export { Response } from './http/server/response.ts';
export type { ResponseInit } from './http/server/response.ts';
export type { FileResponseInit, SseOptions } from './http/server/response.ts';
export { staticFiles } from './http/server/static-files.ts';
export type { StaticOptions } from './http/server/static-files.ts';
export type { RouteKind } from './http/server/route-kind.ts';
export type { BodyWrite, BodyWriter } from './http/server/body-writer.ts';
export type { EventSource, OutgoingEvent } from './http/server/event-body.ts';
export type { TrustedProxiesInit } from './http/server/forwarded.ts';
export type { Conditions, EntityTag } from './http/message/conditions.ts';
export type { CookieOptions, DeleteCookieOptions } from './http/message/cookies.ts';
export type { FileOptions } from './http/message/file-body.ts';
export type { FormOptions } from './http/message/form-limits.ts';
export type { ByteRange } from './http/message/ranges.ts';
export type { TrailersInit } from './http/message/trailers.ts';
export type { UploadedFile } from './http/message/uploaded-file.ts';
export { Headers } from './http/message/headers.ts';
export type { HeadersInit, ReadonlyHeaders } from './http/message/headers.ts';
export { HttpError } from './http/message/http-error.ts';
export type { IncomingBody } from './http/message/incoming-body.ts';
export type { BodyInit, BodyPiece, BodyStream } from './http/message/outgoing-body.ts';
export type { ClientRequestMessage, SentRequest } from './http/client/request-diagnostics.ts';
export type { ServerRequestMessage } from './http/server/request-diagnostics.ts';

export { connectWebSocket } from './http/client/connect-websocket.ts';
export type { ClientWebSocketOptions } from './http/client/open-websocket.ts';
export { WebSocket } from './http/client/whatwg-websocket.ts';
export { routesOf } from './http/server/routes-of.ts';
export { Connector } from './http/client/connector.ts';
export type { ConnectorOptions } from './http/client/connector.ts';
export type { SocketFactory, SocketPlace } from './http/client/socket-race.ts';
export { ClientSession } from './http/client/session.ts';
export type { ClientSessionOptions, RequestOptions, StatusCheck } from './http/client/options.ts';
export type { HeadLimits } from './http/message/option-values.ts';
export type { ClientResponse, JsonOptions, TextOptions } from './http/client/response.ts';
export type { ContentDisposition, ResponseLink } from './http/client/response-fields.ts';
export type { Download, DownloadOptions } from './http/client/download.ts';
export type { ResponseBody } from './http/client/response-body.ts';
export type { LinesOptions, ResponseLines } from './http/client/response-lines.ts';
export type { EventStream, ServerSentEvent } from './http/client/event-stream.ts';
export type { EventFeed, EventFeedOptions } from './http/client/event-feed.ts';
export { TraceConfig } from './http/client/trace.ts';
export type {
  TraceChunkEvent,
  TraceConfigOptions,
  TraceEvent,
  TraceExceptionEvent,
  TraceHostEvent,
  TraceRequestEvent,
  TraceResponseEvent,
} from './http/client/trace.ts';
export type { FetchInit, FetchInput } from './http/client/web-fetch.ts';
export type { UploadCoding, UploadOptions, UploadProgress } from './http/client/upload.ts';
export { CookieJar, DummyCookieJar } from './http/client/cookie-jar.ts';
export type { CookieJarOptions, StoredCookie } from './http/client/cookie-jar.ts';
export type { CookiesInit } from './http/client/own-cookies.ts';
export { encodeBasicAuth } from './http/client/basic-auth.ts';
export type { Credentials } from './http/client/basic-auth.ts';
export { digestAuth } from './http/client/digest-auth.ts';
export type { DigestAuthOptions } from './http/client/digest-auth.ts';
export type { ClientMiddleware, ClientNext, ClientRequest } from './http/client/middleware.ts';
export { retryRequests } from './http/client/retry-middleware.ts';
export type { RetryRequestsOptions } from './http/client/retry-middleware.ts';
export type { ProxyInit, ProxyOptions } from './http/client/via.ts';
export type { QueryInit, RequestInit } from './http/client/request.ts';
export { ClientTimeout } from './http/client/timeout.ts';
export type { ClientTimeoutInit } from './http/client/timeout.ts';
export {
  ClientConnectionError,
  ClientConnectorCertificateError,
  ClientConnectorError,
  ClientDNSError,
  ClientError,
  ClientHttpProxyError,
  ClientOSError,
  ClientPayloadError,
  ClientProxyConnectionError,
  ClientResponseError,
  ClientSSLError,
  ConnectionTimeoutError,
  ContentTypeError,
  InvalidURL,
  NonHttpUrlError,
  ServerDisconnectedError,
  ServerTimeoutError,
  SocketTimeoutError,
  TooManyRedirectsError,
  UnixClientConnectorError,
  WebSocketHandshakeError,
} from './http/client/errors.ts';
