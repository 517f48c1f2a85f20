/** The response for a file: conditions, ranges, and the headers that describe the file. */
import type { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Coro } from '../../core/support/types.ts';
import { makeBoundary } from '../message/boundary.ts';
import { failedCondition, rangeHolds, readConditions, readDate } from '../message/conditions.ts';
import type { Validators } from '../message/conditions.ts';
import type { FileBody } from '../message/file-body.ts';
import { Headers } from '../message/headers.ts';
import type { FilePiece } from '../message/open-file.ts';
import { OpenFile } from '../message/open-file.ts';
import type { ByteRange } from '../message/ranges.ts';
import { readRanges } from '../message/ranges.ts';
import { dispositionOf, typeOfName } from './file-fields.ts';
import { CachedBody } from './file-cache.ts';
import type { Described } from './file-cache.ts';
import { findFile } from './find-file.ts';
import type { Request } from './request.ts';
import { Response } from './response.ts';
import type { ServedFile } from './served-file.ts';

/**
 * Opens the file of a response. The result is the response to send instead.
 * @throws HttpError 404, 403 or 503
 */
export function openedFile(
  loop: EventLoop,
  request: Request,
  response: Response,
  body: FileBody,
): Future<Response> {
  return loop._startTask(open(loop, request, response, body)) as Future<Response>;
}

/** The same for a file that is kept open; null if it must be opened first. */
export function readyFile(
  loop: EventLoop,
  request: Request,
  response: Response,
  body: FileBody,
): Response | null {
  const file = body instanceof CachedBody ? body._file : null;
  if (file === null) return null;
  file.hold();
  return answerOrRelease(loop, request, response, body, file);
}

function* open(
  loop: EventLoop,
  request: Request,
  response: Response,
  body: FileBody,
): Coro<Response> {
  const file = yield* findFile(loop, request.headers, body);
  try {
    if (body instanceof CachedBody) yield* body._cache.keep(body, file);
  } catch (error) {
    file.release();
    throw error;
  }
  return answerOrRelease(loop, request, response, body, file);
}

function answerOrRelease(
  loop: EventLoop,
  request: Request,
  response: Response,
  body: FileBody,
  file: ServedFile,
): Response {
  try {
    return answer(loop, request, response, body, file);
  } catch (error) {
    file.release();
    throw error;
  }
}

/** Request headers that call for something other than the whole file. */
const SPECIAL: readonly string[] = [
  'range',
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
];

function answer(
  loop: EventLoop,
  request: Request,
  response: Response,
  body: FileBody,
  file: ServedFile,
): Response {
  const { ranges: mayHaveRanges = true } = body.options;
  const { method } = request;
  const isPlain = response.status === 200 && (method === 'GET' || method === 'HEAD');
  const { headers, validators } = described(response, body, file, isPlain && mayHaveRanges);
  const { size } = file;
  const whole = (): Response => wholeFile(loop, file, response.status, headers);
  if (!isPlain || !SPECIAL.some((name) => request.headers.has(name))) return whole();
  const ranges = mayHaveRanges ? request.headers.get('range') : null;
  const conditions = readConditions(request.headers);
  const failed = failedCondition(conditions, validators);
  if (failed !== 0) {
    file.release();
    return without(headers, failed);
  }
  if (ranges === null || method === 'HEAD') return whole();
  if (!rangeHolds(conditions, validators, request.headers.has('if-range'))) return whole();
  const parts = readRanges(ranges, size);
  if (parts === null) return whole();
  if (parts.length === 0) {
    file.release();
    headers.set('content-range', `bytes */${size}`);
    return without(headers, 416);
  }
  const send = (pieces: readonly FilePiece[]): Response =>
    new Response(new OpenFile(loop, file, pieces), { status: 206, headers });
  if (parts.length > 1) return send(manyParts(headers, parts, size));
  const [{ start, end }] = parts as [ByteRange];
  headers.set('content-range', contentRange({ start, end }, size));
  return send([{ offset: start, count: end - start + 1 }]);
}

function wholeFile(loop: EventLoop, file: ServedFile, status: number, headers: Headers): Response {
  const { content, size } = file;
  if (content !== null) file.release();
  const body = content ?? new OpenFile(loop, file, [{ offset: 0, count: size }]);
  if (status !== 200) return new Response(body, { status, headers });
  // The usual case: set directly, without checking each header again.
  const response = new Response(body);
  response._headers = headers;
  response._type = null;
  return response;
}

/**
 * The headers that describe the file: made once for a kept file, unless the response has headers of
 * its own.
 */
function described(
  response: Response,
  body: FileBody,
  file: ServedFile,
  hasRanges: boolean,
): Described {
  const isUsual = hasRanges && body instanceof CachedBody && response._headers === null;
  if (isUsual && body._described !== null) {
    const { headers, validators } = body._described;
    return { headers: headers._copy(), validators };
  }
  const headers = new Headers(response._headers ?? null);
  const validators = describeFile(headers, body, file);
  if (hasRanges) headers.set('accept-ranges', 'bytes');
  if (!isUsual || body._file !== file) return { headers, validators };
  body._described = { headers, validators };
  return { headers: headers._copy(), validators };
}

/** Sets the headers that describe the file, unless the response has them already. */
function describeFile(headers: Headers, { options, path }: FileBody, file: ServedFile): Validators {
  const { etag = true, lastModified = true, download = false, cacheControl } = options;
  const set = (name: string, value: string): void => {
    if (!headers.has(name)) headers.set(name, value);
  };
  set('content-type', options.type ?? typeOfName(path));
  if (etag) set('etag', `"${file.modifiedNs.toString(16)}-${file.size.toString(16)}"`);
  if (lastModified) set('last-modified', file.modified.toUTCString());
  if (cacheControl !== undefined) set('cache-control', cacheControl);
  if (download !== false) set('content-disposition', dispositionOf(download, path));
  if (file.coding !== null) headers.set('content-encoding', file.coding);
  if (options.precompressed === true) vary(headers, 'accept-encoding');
  return {
    etag: headers.get('etag'),
    lastModified: readDate(headers.get('last-modified')),
  };
}

function vary(headers: Headers, field: string): void {
  const given = headers.get('vary');
  if (given === null) headers.set('vary', field);
  else if (!given.toLowerCase().includes(field) && given !== '*') {
    headers.set('vary', `${given}, ${field}`);
  }
}

/** A response without content, and without the headers that describe it. */
function without(headers: Headers, status: number): Response {
  const names = ['content-type', 'content-encoding', 'content-disposition', 'content-length'];
  for (const name of names) headers.delete(name);
  return new Response(null, { status, headers });
}

function contentRange({ start, end }: ByteRange, size: number): string {
  return `bytes ${start}-${end}/${size}`;
}

/** The pieces of a multipart body, each part with its own head. */
function manyParts(headers: Headers, parts: readonly ByteRange[], size: number): FilePiece[] {
  const boundary = makeBoundary();
  const type = headers.get('content-type')!;
  headers.set('content-type', `multipart/byteranges; boundary=${boundary}`);
  const pieces: FilePiece[] = [];
  let before = '';
  for (const part of parts) {
    const head =
      `${before}--${boundary}\r\ncontent-type: ${type}\r\n` +
      `content-range: ${contentRange(part, size)}\r\n\r\n`;
    pieces.push(Buffer.from(head, 'latin1'));
    pieces.push({ offset: part.start, count: part.end - part.start + 1 });
    before = '\r\n';
  }
  pieces.push(Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1'));
  return pieces;
}
