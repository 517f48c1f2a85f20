/** Writes responses. */
import {
  HEAD_EXPECT_CONTINUE,
  HEAD_HAS_BODY,
  HEAD_KEEP_ALIVE,
  HEAD_METHOD,
  HEAD_UPGRADE,
  HEAD_VERSION10,
} from '../../native/layout.ts';
import { holdChunk } from '../message/head-chunk.ts';
import { METHOD_CONNECT, METHOD_HEAD } from '../message/methods.ts';
import { FileBody } from '../message/file-body.ts';
import { OpenFile } from '../message/open-file.ts';
import type { BodyStream } from '../message/outgoing-body.ts';
import { isStream, sizeOfBody } from '../message/outgoing-body.ts';
import { dropPieces, pumpBody } from '../message/pump-body.ts';
import { ConnectionLost, pumpFile } from '../message/pump-file.ts';
import { trailerLines } from '../message/trailers.ts';
import { EventBody, Heartbeat } from './event-body.ts';
import type { Exchange } from './exchange.ts';
import { ForeignBody, lookedAt } from './foreign-body.ts';
import { openedFile, readyFile } from './open-file-response.ts';
import { Disconnected } from './request.ts';
import type { Request } from './request.ts';
import type { Response } from './response.ts';
import { ActingResponse } from './route-kind.ts';
import type { ServerConnection } from './server-connection.ts';
import { isBodyless } from '../message/status.ts';

/** The longest body that is written byte by byte, which is faster than calling an encoder. */
const TINY_MAX = 96;

/**
 * Flags that affect the head of the response; if only keep-alive is set, it needs no Connection
 * header.
 */
const FLAGS = HEAD_KEEP_ALIVE | HEAD_VERSION10 | HEAD_EXPECT_CONTINUE | HEAD_UPGRADE;

/**
 * Sends the response, and finishes the exchange when that is done.
 * @throws TypeError before anything is sent, if the response is a stream that was already sent, or
 * has an invalid content-length
 */
export function respond(exchange: Exchange, given: Response): void {
  const { _connection: connection, _request: request } = exchange;
  if (connection._lost) {
    dropBody(given);
    connection._finish(exchange);
    return;
  }
  const response = request._extras === null ? given : request._extras.prepared(given);
  const body = response._body;
  if (
    typeof body === 'string' &&
    body.length <= TINY_MAX &&
    response._headers === null &&
    response._trailers === null &&
    (request._flags & FLAGS) === HEAD_KEEP_ALIVE &&
    connection._mayKeep(request) &&
    request._chunk.word(request._record, HEAD_METHOD) !== METHOD_HEAD &&
    response.statusText === '' &&
    connection._outbox === null
  ) {
    const unsent = writeTiny(connection, response, body);
    if (unsent !== -1) {
      exchange._answered = true;
      if (exchange._diagnostics !== null) exchange._diagnostics.status = response.status;
      connection._finish(exchange, unsent);
      return;
    }
  }
  respondInFull(exchange, response);
}

/**
 * Writes head, length and a tiny ASCII body to the arena in one piece. Reserved memory is unused
 * until it is submitted, so at a non-ASCII character the attempt is simply abandoned.
 * @returns how many bytes are unsent now; -1 if the body is not ASCII
 */
function writeTiny(connection: ServerConnection, response: Response, body: string): number {
  const rings = connection._rings;
  const head = connection._server._heads.plain(response.status, response._type);
  const whole = head.answer(body);
  if (whole !== null) {
    const start = rings.reserve(whole.length);
    rings.transmit.set(whole, start);
    return connection._writeReserved(start, whole.length);
  }
  const start = rings.reserve(head.bytes.length + body.length + 6);
  const out = rings.transmit;
  out.set(head.bytes, start);
  let at = start + head.bytes.length;
  const length = body.length;
  if (length >= 10) out[at++] = 48 + ((length / 10) | 0);
  out[at++] = 48 + (length % 10);
  out[at] = 13;
  out[at + 1] = 10;
  out[at + 2] = 13;
  out[at + 3] = 10;
  at += 4;
  for (let i = 0; i < length; i++) {
    const code = body.charCodeAt(i);
    if (code > 127) return -1;
    out[at++] = code;
  }
  head.note(body, out, start, at);
  return connection._writeReserved(start, at - start);
}

/** How the body is delimited. */
interface Framing {
  lines: string;
  chunked: boolean;
  /** The declared length of a stream, or -1. */
  length: number;
  keep: boolean;
}

function respondInFull(exchange: Exchange, response: Response): void {
  if (response instanceof ActingResponse) {
    response._act(exchange);
    return;
  }
  const { _connection: connection, _request: request } = exchange;
  const { _body: body } = response;
  if (body instanceof FileBody) {
    const ready = readyFile(connection._loop, request, response, body);
    if (ready !== null) respondInFull(exchange, ready);
    else exchange._take(openedFile(connection._loop, request, response, body));
    return;
  }
  if (body instanceof ForeignBody && !body.looked) {
    exchange._take(lookedAt(response, body));
    return;
  }
  const silent = request._chunk.word(request._record, HEAD_METHOD) === METHOD_HEAD;
  if (response._streams) {
    if (response._sent) throw new TypeError('a response with a stream can be sent only once');
    response._sent = true;
  }
  const framing = frame(connection, request, response);
  if (!framing.keep) connection._closing = true;
  exchange._answered = true;
  if (exchange._diagnostics !== null) exchange._diagnostics.status = response.status;
  connection._writeLatin1(`${connection._server._heads.full(response, framing.lines)}\r\n`);
  if (silent || isBodyless(response.status)) dropBody(response);
  else if (isStream(body)) {
    sendPieces(exchange, response, body, framing);
    return;
  } else if (framing.chunked) writeChunk(connection, response);
  else if (typeof body === 'string') connection._writeUtf8(body);
  else if (body !== null) connection._writeBytes(body);
  connection._finish(exchange);
}

/** Writes the whole body as one chunk, followed by the trailers. */
function writeChunk(connection: ServerConnection, response: Response): void {
  const { _body: body, _trailers: trailers } = response;
  const size = sizeOfBody(body);
  if (size !== 0) {
    connection._writeLatin1(`${size!.toString(16)}\r\n`);
    if (typeof body === 'string') connection._writeUtf8(body);
    else connection._writeBytes(body as Uint8Array);
    connection._writeLatin1('\r\n');
  }
  connection._writeLatin1(`0\r\n${trailerLines(trailers!)}\r\n`);
}

function frame(connection: ServerConnection, request: Request, response: Response): Framing {
  const { _body: body, _headers: headers } = response;
  const flags = request._flags;
  const old = (flags & HEAD_VERSION10) !== 0;
  const connect = request._chunk.word(request._record, HEAD_METHOD) === METHOD_CONNECT;
  // A client that was not asked to continue may or may not send its body, so the connection cannot
  // be kept.
  const unsure =
    (flags & HEAD_EXPECT_CONTINUE) !== 0 &&
    !request._continued &&
    (flags & HEAD_HAS_BODY) !== 0 &&
    request._body!.received === 0;
  const framing = {
    lines: '',
    chunked: false,
    length: -1,
    keep:
      (flags & HEAD_KEEP_ALIVE) !== 0 &&
      !connect &&
      !unsure &&
      connection._mayKeep(request) &&
      !/\bclose\b/i.test(headers?.get('connection') ?? ''),
  };
  const declared = headers?.get('content-length') ?? null;
  if (isBodyless(response.status)) {
    if (response.status === 304 && declared !== null) framing.lines = lengthLine(declared);
  } else if (response._trailers !== null && !old) {
    framing.lines = 'transfer-encoding: chunked\r\n';
    framing.chunked = true;
  } else if (isStream(body)) {
    const length = sizeOfBody(body) ?? declared;
    if (length !== null) {
      framing.lines = lengthLine(String(length));
      framing.length = Number(length);
    } else if (old) framing.keep = false;
    else {
      framing.lines = 'transfer-encoding: chunked\r\n';
      framing.chunked = true;
    }
  } else if (
    body === null &&
    declared !== null &&
    request._chunk.word(request._record, HEAD_METHOD) === METHOD_HEAD
  ) {
    framing.lines = lengthLine(declared);
  } else framing.lines = lengthLine(String(sizeOfBody(body)));
  if (!framing.keep) framing.lines += 'connection: close\r\n';
  else if (old) framing.lines += 'connection: keep-alive\r\n';
  return framing;
}

function lengthLine(length: string): string {
  if (!/^\d{1,15}$/.test(length)) throw new TypeError(`invalid content-length: ${length}`);
  return `content-length: ${length}\r\n`;
}

function sendPieces(
  exchange: Exchange,
  response: Response,
  body: BodyStream | Blob,
  framing: Framing,
): void {
  const { _connection: connection, _request: request, _diagnostics: diagnostics } = exchange;
  const { _trailers: trailers } = response;
  // The handler has returned, but the request is still needed while its body is sent.
  holdChunk(request);
  if (body instanceof ForeignBody) body.heed(request.signal);
  const task = connection._loop.createTask(
    body instanceof OpenFile && !framing.chunked
      ? pumpFile(connection, body)
      : pumpBody(
          connection,
          body,
          framing,
          trailers === null ? null : () => trailerLines(trailers),
        ),
  );
  const beat =
    body instanceof EventBody && body.heartbeat !== null
      ? new Heartbeat(connection, body.heartbeat, framing.chunked)
      : null;
  exchange._task = task;
  task.addDoneCallback(() => {
    beat?.stop();
    let failure: unknown;
    if (task.cancelled()) failure = new Error('cancelled');
    else failure = task.exception() ?? undefined;
    if (failure !== undefined) {
      // A task that is cancelled before its first step has not started to read the body, which must
      // still be closed.
      dropPieces(body);
      // After the head was sent, breaking the connection is the only way to report an error to the
      // peer.
      if (!connection._gone && !task.cancelled() && !(failure instanceof ConnectionLost)) {
        connection._loop.callExceptionHandler({
          message: `Exception in the response body of ${request.method} ${request.target}`,
          exception: failure,
        });
      }
      diagnostics?.fail(connection._gone ? new Disconnected() : failure);
      connection._abort();
    }
    connection._finish(exchange);
    connection._advance();
  });
}

/** Closes a body that will not be sent, so that its `finally` blocks run; they may throw. */
function dropBody(response: Response): void {
  if (response._streams) dropPieces(response._body as BodyStream);
}
