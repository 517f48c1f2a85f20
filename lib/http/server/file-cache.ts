/**
 * Files that are kept open for further requests, which then need no thread of Node's pool. A kept
 * file is used again after two checks:
 *
 * - Is it unchanged? This is checked each time on the open file, which takes less than a
 *   microsecond and never blocks: its size, its times and its number of links. So a file that was
 *   written to, replaced or removed is opened anew.
 * - Does its path still lead to it? This would need the thread pool, so it is assumed for a second.
 *
 * The clock of a file system ticks every few milliseconds, and two changes within a tick look like
 * one. So a file is only kept if its last change was some time ago.
 */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { wallClockMs } from '../../core/loop/wall-clock.ts';
import type { Coro } from '../../core/support/types.ts';
import { READ_BYTES, readPiece } from '../../io/file-source.ts';
import { loadAddon } from '../../native/load.ts';
import { promise } from '../../tasks/promise.ts';
import type { Validators } from '../message/conditions.ts';
import { FileBody } from '../message/file-body.ts';
import type { FileOptions } from '../message/file-body.ts';
import type { Headers } from '../message/headers.ts';
import type { ServedFile } from './served-file.ts';

/** The largest file whose content is kept in memory too, in bytes. */
const CONTENT_MAX = READ_BYTES;
/** Seconds for which a path is assumed to lead to the same file. */
const PATH_SECONDS = 1;
/**
 * Seconds between sweeps, which close files that were not requested since the last one, or have
 * changed.
 */
const SWEEP_SECONDS = 5;
/**
 * How long ago the last change of a file must be; the second value applies where times are whole
 * seconds, as on FAT.
 */
const RESTED_MS = 100;
const RESTED_COARSE_MS = 2500;

/** The words of a stamp, as in native/os/file_stamp.h. */
const STAMP_WORDS = 6;
const STAMP_SIZE = 0;
const STAMP_SECONDS = 2;
const STAMP_NS = 3;

/** The response headers that describe a file. */
export interface Described {
  readonly headers: Headers;
  readonly validators: Validators;
}

/** A file as a response body that may be kept open for further requests. */
export class CachedBody extends FileBody {
  readonly _cache: FileCache;
  readonly _key: string;
  /** The open file while it is kept. */
  _file: ServedFile | null = null;
  /** The headers of a plain response with this file. */
  _described: Described | null = null;
  /** The system's data about the file at the time it was kept. */
  readonly _stamp: BigInt64Array = new BigInt64Array(STAMP_WORDS);
  /** Until when its path is assumed to lead to it, in the loop's time. */
  _until = 0;
  /** Whether it was requested since the last sweep. */
  _asked = true;

  constructor(cache: FileCache, key: string, where: string, path: string, options: FileOptions) {
    super(where, path, options);
    this._cache = cache;
    this._key = key;
  }

  get _isSame(): boolean {
    return loadAddon().files.look(this._file!.descriptor, this._stamp) === 1;
  }
}

/** The kept files of one route on one server. */
export class FileCache {
  readonly #loop: EventLoop;
  readonly #most: number;
  readonly #bodies: Map<string, CachedBody> = new Map();
  #sweeper: { cancel(): void } | null = null;
  #closed = false;

  /** @param most - how many files are kept open at most */
  constructor(loop: EventLoop, most: number) {
    this.#loop = loop;
    this.#most = most;
  }

  /** How many files are kept open. */
  get size(): number {
    return this.#bodies.size;
  }

  /** The file kept under this key, if it is still valid. */
  find(key: string): CachedBody | null {
    const body = this.#bodies.get(key);
    if (body === undefined) return null;
    if (this.#loop.time() >= body._until || !body._isSame) {
      this.#drop(body);
      return null;
    }
    body._asked = true;
    return body;
  }

  /**
   * Keeps a file that was just opened, unless it changed so recently that a further change might go
   * unnoticed.
   */
  *keep(body: CachedBody, file: ServedFile): Coro<void> {
    if (this.#closed || !this.#loop._rides || !hasRested(file)) return;
    if (loadAddon().files.look(file.descriptor, body._stamp) < 0 || !isOf(body._stamp, file))
      return;
    body._until = this.#loop.time() + PATH_SECONDS;
    file.hold();
    body._file = file;
    try {
      const content = file.size <= CONTENT_MAX ? yield* this.#contentOf(file) : null;
      if (this.#closed || !body._isSame) return;
      file.content = content;
      this.#put(body);
    } finally {
      if (this.#bodies.get(body._key) !== body) {
        body._file = null;
        file.release();
      }
    }
  }

  /** Releases all files, which are closed once nobody is sending them; no more are kept. */
  close(): void {
    this.#closed = true;
    this.#sweeper?.cancel();
    this.#sweeper = null;
    for (const body of this.#bodies.values()) this.#drop(body);
  }

  *#contentOf(file: ServedFile): Coro<Buffer | null> {
    const into = Buffer.allocUnsafeSlow(file.size);
    for (let at = 0; at < file.size;) {
      const { descriptor, size } = file;
      const reading = readPiece(this.#loop, descriptor, into.subarray(at), size - at, at);
      const count = typeof reading === 'number' ? reading : yield* promise(reading);
      // The file has become shorter, which the next check will notice.
      if (count === 0) return null;
      at += count;
    }
    return into;
  }

  #put(body: CachedBody): void {
    const before = this.#bodies.get(body._key);
    if (before !== undefined) this.#drop(before);
    for (const other of this.#bodies.values()) {
      if (this.#bodies.size < this.#most) break;
      // Second chance: the oldest file is closed, unless it was requested since its last turn; then
      // it becomes the newest.
      this.#bodies.delete(other._key);
      if (other._asked) this.#bodies.set(other._key, other);
      else this.#release(other);
      other._asked = false;
    }
    this.#bodies.set(body._key, body);
    if (this.#sweeper === null) this.#sweepLater();
  }

  #drop(body: CachedBody): void {
    this.#bodies.delete(body._key);
    this.#release(body);
  }

  #release(body: CachedBody): void {
    body._file!.release();
    body._file = null;
  }

  #sweepLater(): void {
    const handle = this.#loop.callLater(SWEEP_SECONDS, () => {
      this.#sweeper = null;
      for (const body of this.#bodies.values()) {
        if (!body._asked || !body._isSame) this.#drop(body);
        body._asked = false;
      }
      if (this.#bodies.size > 0) this.#sweepLater();
    });
    handle.unref();
    this.#sweeper = handle;
  }
}

function hasRested(file: ServedFile): boolean {
  const isCoarse = file.changedNs % 1_000_000_000n === 0n;
  const rested = wallClockMs() - Number(file.changedNs / 1_000_000n);
  return rested > (isCoarse ? RESTED_COARSE_MS : RESTED_MS);
}

/** Whether the file did not change between fstat and the stamp. */
function isOf(stamp: BigInt64Array, file: ServedFile): boolean {
  const modifiedNs = stamp[STAMP_SECONDS]! * 1_000_000_000n + stamp[STAMP_NS]!;
  return stamp[STAMP_SIZE] === BigInt(file.size) && modifiedNs === file.modifiedNs;
}
