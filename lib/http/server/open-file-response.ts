/** The answer that is made of a file: what the request asks of it, and how it is told of. */
import type { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Coro } from '../../core/support/types.ts';
import { makeBoundary } from '../message/boundary.ts';
import { failedCondition, rangeHolds, readConditions, readDate } from '../message/conditions.ts';
import type { Validators } from '../message/conditions.ts';
import type { FileBody } from '../message/file-body.ts';
import { Headers } from '../message/headers.ts';
import type { FilePiece } from '../message/open-file.ts';
import { closeFile, OpenFile } from '../message/open-file.ts';
import type { ByteRange } from '../message/ranges.ts';
import { readRanges } from '../message/ranges.ts';
import { dispositionOf, typeOfName } from './file-fields.ts';
import type { FoundFile } from './find-file.ts';
import { findFile } from './find-file.ts';
import type { Request } from './request.ts';
import { Response } from './response.ts';

/** Opens the file of a response and gives the one that is sent in its place. */
export function openedFile(
  loop: EventLoop,
  request: Request,
  response: Response,
  body: FileBody,
): Future<Response> {
  return loop._startTask(open(loop, request, response, body)) as Future<Response>;
}

function* open(
  loop: EventLoop,
  request: Request,
  response: Response,
  body: FileBody,
): Coro<Response> {
  const file = yield* findFile(loop, request.headers, body);
  try {
    return answer(loop, request, response, body, file);
  } catch (error) {
    closeFile(loop, file.descriptor);
    throw error;
  }
}

function answer(
  loop: EventLoop,
  request: Request,
  response: Response,
  body: FileBody,
  file: FoundFile,
): Response {
  const { options } = body;
  const headers = new Headers(response._headers ?? null);
  const validators = describeFile(headers, body, file);
  const send = (status: number, pieces: readonly FilePiece[]): Response =>
    new Response(new OpenFile(loop, file.descriptor, pieces), { status, headers });
  const { size } = file;
  const whole = (): Response => send(response.status, [{ offset: 0, count: size }]);
  const { method } = request;
  if (response.status !== 200 || (method !== 'GET' && method !== 'HEAD')) return whole();
  const ranges = (options.ranges ?? true) ? request.headers.get('range') : null;
  if (options.ranges ?? true) headers.set('accept-ranges', 'bytes');
  const conditions = readConditions(request.headers);
  const failed = failedCondition(conditions, validators);
  if (failed !== 0) {
    closeFile(loop, file.descriptor);
    return without(headers, failed);
  }
  if (ranges === null || method === 'HEAD') return whole();
  if (!rangeHolds(conditions, validators, request.headers.has('if-range'))) return whole();
  const parts = readRanges(ranges, size);
  if (parts === null) return whole();
  if (parts.length === 0) {
    closeFile(loop, file.descriptor);
    headers.set('content-range', `bytes */${size}`);
    return without(headers, 416);
  }
  if (parts.length > 1) return send(206, manyParts(headers, parts, size));
  const [{ start, end }] = parts as [ByteRange];
  headers.set('content-range', contentRange({ start, end }, size));
  return send(206, [{ offset: start, count: end - start + 1 }]);
}

/** Sets what is said of the file, unless the response says so already. */
function describeFile(headers: Headers, { options, path }: FileBody, file: FoundFile): Validators {
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

/** An answer that has no content, so nothing that tells of it. */
function without(headers: Headers, status: number): Response {
  const names = ['content-type', 'content-encoding', 'content-disposition', 'content-length'];
  for (const name of names) headers.delete(name);
  return new Response(null, { status, headers });
}

function contentRange({ start, end }: ByteRange, size: number): string {
  return `bytes ${start}-${end}/${size}`;
}

/** Several parts, each with a head of its own. */
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
