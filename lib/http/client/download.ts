/** A resource into a file, and what is left of one goes on. */
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
import { ClientConnectionError, ClientPayloadError } from './errors.ts';
import type { RequestOptions } from './options.ts';
import { REPEATED_OPTIONS } from './repeated-request.ts';
import type { RepeatedRequestOptions } from './repeated-request.ts';
import type { ClientResponse } from './response.ts';
import type { ClientSession } from './session.ts';

/** What `session.download` takes besides the options of a request. */
export interface DownloadOptions extends RepeatedRequestOptions {
  /** Whether what an earlier attempt has left is gone on with; true by default. */
  resume?: boolean;
  /** How often it is tried in one call, when the connection breaks in between; 5 by default. */
  attempts?: number;
  /**
   * Called for each piece written to the file: bytes so far, and of how many; null if not known.
   */
  onProgress?: (received: number, total: number | null) => void;
}

/** What has come of it. */
export interface Download {
  readonly path: string;
  /** The URL that answered, after redirections. */
  readonly url: string;
  /** Bytes of the file. */
  readonly size: number;
  /** Those of them that were there before. */
  readonly resumedAt: number;
}

const OWN = ['resume', 'attempts', 'onProgress'];

/** Seconds before the second attempt; twice as long each time, up to the last. */
const PAUSE = 0.5;
const PAUSE_MAX = 30;

/** A large file may take its time, as long as it comes. */
const TIMEOUT = { total: null, connect: 60, sockRead: 60 };

/** Bytes of a note that is read. */
const NOTE_MAX = 16 * 1024;

/** What a server says of the version that it has given, so that it can go on with the same. */
interface Left {
  /** Bytes that are in the file. */
  size: number;
  validator: string | null;
}

const NOTHING: Left = { size: 0, validator: null };

/**
 * @param check - throws when a request could not be made, before anything is done
 * @throws TypeError, RangeError for wrong options; else as `session.download`
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
      // Who gave another part than the one asked for is asked for all of it.
      if (!state.moved && error instanceof ClientPayloadError) left = NOTHING;
    }
    if (state.moved) left = yield* parts.left();
    const pause = Math.min(PAUSE * 2 ** (attempt - 1), PAUSE_MAX);
    yield* sleep(pause, undefined, options.signal == null ? {} : { signal: options.signal });
  }
}

/** Writes what comes behind what is left; the file gets its name when it is whole. */
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

/** Where the bytes of a response begin. @throws ClientPayloadError when it is not where we are */
function startOf(response: ClientResponse, left: Left): number {
  if (response.status !== 206) return 0;
  const range = response.headers.get('content-range') ?? '';
  const match = /^bytes (\d{1,15})-\d+\/(?:\d+|\*)$/.exec(range);
  if (match !== null && left.size > 0 && Number(match[1]) === left.size) return left.size;
  throw new ClientPayloadError(`the server sent another part than the one asked for: ${range}`);
}

function headersFor(given: DownloadOptions['headers'], { size, validator }: Left): Headers {
  const headers = new Headers(given);
  // A part of something packed could not be gone on with.
  headers.set('accept-encoding', 'identity');
  if (size === 0) return headers;
  headers.set('range', `bytes=${size}-`);
  headers.set('if-range', validator!);
  return headers;
}

/** What may stand in `If-Range` (RFC 9110, 13.1.5): a weak tag says nothing of the bytes. */
function validatorOf({ headers }: ClientResponse): string | null {
  const tag = headers.get('etag');
  if (tag !== null && tag.startsWith('"')) return tag;
  return headers.get('last-modified');
}

function isPassing(error: unknown): boolean {
  return error instanceof ClientConnectionError || error instanceof ClientPayloadError;
}

/** The files of a download that is under way. */
class Parts {
  readonly part: string;
  readonly #path: string;
  readonly #note: string;

  constructor(path: string) {
    this.#path = path;
    this.part = `${path}.part`;
    this.#note = `${path}.part.json`;
  }

  /** What an earlier attempt has left that can be gone on with. */
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

  /** Notes which version is in the file. */
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
