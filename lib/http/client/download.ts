/** Downloads a resource to a file, and resumes interrupted downloads. */
import type { Coro } from '../../core/support/types.ts';
import { CancelledError, isA } from '../../core/errors/errors.ts';
import { checkSignal } from '../../core/support/abort-listeners.ts';
import { checkFlags, checkOptions } from '../../core/support/options.ts';
import { openFile } from '../../files/open-file.ts';
import { promise } from '../../tasks/promise.ts';
import { sleep } from '../../tasks/sleep.ts';
import { describe } from '../message/outgoing-body.ts';
import { integer } from '../message/option-values.ts';
import { Headers } from '../message/headers.ts';
import { ClientPayloadError, isPassingFailure } from './errors.ts';
import type { RequestOptions } from './options.ts';
import { REPEATED_OPTIONS } from './repeated-request.ts';
import type { RepeatedRequestOptions } from './repeated-request.ts';
import type { ClientResponse } from './response.ts';
import type { ClientSession } from './session.ts';

/** Options of `session.download`, in addition to those of a request. */
export interface DownloadOptions extends RepeatedRequestOptions {
  /** Whether to resume what an earlier attempt left; default true. */
  resume?: boolean;
  /** How often to try in one call when the connection breaks; default 5. */
  attempts?: number;
  /** Called for each piece written: bytes so far, and the total size, null if unknown. */
  onProgress?: (received: number, total: number | null) => void;
}

/** The result of `session.download`. */
export interface Download {
  readonly path: string;
  /** The URL that answered, after redirects. */
  readonly url: string;
  /** Size of the file in bytes. */
  readonly size: number;
  /** How many of them an earlier call had left. */
  readonly resumedAt: number;
}

const OWN = ['resume', 'attempts', 'onProgress'];

/** Seconds before the second attempt; doubled for each further one, up to PAUSE_MAX. */
const PAUSE = 0.5;
const PAUSE_MAX = 30;

/** No limit in total: a large file may take long, as long as bytes arrive. In seconds. */
const TIMEOUT = { total: null, connect: 60, sockRead: 60 };

/** Largest note, in bytes, that is read. */
const NOTE_MAX = 16 * 1024;

/** What an earlier attempt left, and the validator of that version, to resume the same one. */
interface Left {
  /** How many bytes are in the file. */
  size: number;
  validator: string | null;
}

const NOTHING: Left = { size: 0, validator: null };

/**
 * Implements `session.download`.
 * @param check - throws for an invalid request, before anything is done
 * @throws TypeError, RangeError for invalid options; else as `session.download`
 */
export function* downloadTo(
  session: ClientSession,
  url: string | URL,
  path: string,
  options: DownloadOptions,
  check: (options: RequestOptions) => void,
): Coro<Download> {
  checkOptions('download()', options, [...OWN, ...REPEATED_OPTIONS]);
  checkFlags('download()', options, ['resume']);
  const { resume = true, attempts: most = 5, onProgress, ...request } = options;
  const attempts = integer('attempts', most, 1, 1000);
  if (typeof path !== 'string' || path === '') {
    throw new TypeError(`download(): path must be a string, not ${describe(path)}`);
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new TypeError(`download(): onProgress must be a function, not ${describe(onProgress)}`);
  }
  if (options.signal != null) checkSignal(options.signal);
  check(request);
  const parts = new Parts(path);
  let left = resume ? yield* parts.left() : NOTHING;
  const resumedAt = left.size;
  for (let attempt = 1; ; attempt++) {
    const state = { moved: false };
    try {
      const response = yield* session.get(url, {
        timeout: TIMEOUT,
        ...request,
        headers: headersFor(request.headers, left),
        autoDecompress: false,
        raiseForStatus: false,
      });
      if (response.status === 416 && left.size > 0) {
        response.release();
        left = NOTHING;
        continue;
      }
      const size = yield* receive(response, parts, left, state, onProgress);
      const kept = response.status === 206 ? Math.min(resumedAt, left.size) : 0;
      return { path, url: response.url, size, resumedAt: kept };
    } catch (error) {
      if (isA(error, CancelledError) || attempt >= attempts || !isPassing(error)) throw error;
      // A server that sent the wrong part is asked for the whole.
      if (!state.moved && error instanceof ClientPayloadError) left = NOTHING;
    }
    if (state.moved) left = yield* parts.left();
    const pause = Math.min(PAUSE * 2 ** (attempt - 1), PAUSE_MAX);
    yield* sleep(pause, undefined, options.signal == null ? {} : { signal: options.signal });
  }
}

/** Appends the body to the partial file, which gets its final name when it is complete. */
function* receive(
  response: ClientResponse,
  parts: Parts,
  left: Left,
  state: { moved: boolean },
  onProgress: DownloadOptions['onProgress'],
): Coro<number> {
  let done = false;
  try {
    response.raiseForStatus();
    const from = startOf(response, left);
    const declared = response.headers.get('content-length');
    const total = declared === null ? null : from + Number(declared);
    const file = yield* openFile(parts.part, { flags: from > 0 ? 'r+' : 'w' });
    let size = from;
    try {
      state.moved = true;
      if (from === 0) yield* parts.note(validatorOf(response));
      else {
        yield* file.truncate(from);
        yield* file.seek(from);
      }
      for (let piece; (piece = yield* response.body.read()) !== null;) {
        yield* file.write(piece);
        size += piece.length;
        onProgress?.(size, total);
      }
    } finally {
      yield* file.close();
    }
    yield* parts.finish();
    done = true;
    return size;
  } finally {
    if (!done) response.close();
  }
}

/**
 * The offset at which the response begins. @throws ClientPayloadError when it does not fit the file
 */
function startOf(response: ClientResponse, left: Left): number {
  if (response.status !== 206) return 0;
  const range = response.headers.get('content-range') ?? '';
  const match = /^bytes (\d{1,15})-\d+\/(?:\d+|\*)$/.exec(range);
  if (match !== null && left.size > 0 && Number(match[1]) === left.size) return left.size;
  throw new ClientPayloadError(`the server sent another part than the one asked for: ${range}`);
}

function headersFor(given: DownloadOptions['headers'], { size, validator }: Left): Headers {
  const headers = new Headers(given);
  // A part of an encoded body could not be resumed.
  headers.set('accept-encoding', 'identity');
  if (size === 0) return headers;
  headers.set('range', `bytes=${size}-`);
  headers.set('if-range', validator!);
  return headers;
}

/** The validator for `If-Range` (RFC 9110, 13.1.5): a weak tag does not identify the bytes. */
function validatorOf({ headers }: ClientResponse): string | null {
  const tag = headers.get('etag');
  if (tag !== null && tag.startsWith('"')) return tag;
  return headers.get('last-modified');
}

function isPassing(error: unknown): boolean {
  return isPassingFailure(error) || error instanceof ClientPayloadError;
}

/** The files of a download: the partial file, and a note of its version. */
class Parts {
  readonly part: string;
  readonly #path: string;
  readonly #note: string;

  constructor(path: string) {
    this.#path = path;
    this.part = `${path}.part`;
    this.#note = `${path}.part.json`;
  }

  /** What an earlier attempt left, if it can be resumed. */
  *left(): Coro<Left> {
    const fs = process.getBuiltinModule('node:fs/promises');
    try {
      const { size } = yield* promise(fs.stat(this.part));
      const about = yield* promise(fs.stat(this.#note));
      if (about.size > NOTE_MAX) return NOTHING;
      const text = yield* promise(fs.readFile(this.#note, 'utf8'));
      const { validator } = JSON.parse(text) as { validator?: unknown };
      return typeof validator === 'string' && size > 0 ? { size, validator } : NOTHING;
    } catch (error) {
      if (isA(error, CancelledError)) throw error;
      return NOTHING;
    }
  }

  /** Records which version is in the partial file. */
  *note(validator: string | null): Coro<void> {
    const fs = process.getBuiltinModule('node:fs/promises');
    if (validator === null) yield* promise(fs.rm(this.#note, { force: true }));
    else yield* promise(fs.writeFile(this.#note, JSON.stringify({ validator })));
  }

  *finish(): Coro<void> {
    const fs = process.getBuiltinModule('node:fs/promises');
    yield* promise(fs.rename(this.part, this.#path));
    yield* promise(fs.rm(this.#note, { force: true }));
  }
}
