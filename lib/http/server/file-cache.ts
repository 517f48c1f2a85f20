/**
 * Files that stay open for the next request, so that it needs no thread of Node's. A file is used
 * again when two questions are answered:
 *
 * - Is it as it was? Each time, the system is asked about the open file, which costs less than a
 *   microsecond and waits for nothing: its size, its times and the number of its names. So a file
 *   that was written to, replaced or removed is found anew.
 * - Does its path still lead to it? That needs threads, and holds for a second.
 *
 * The clock of a file system ticks every few milliseconds, and a file that changes twice within a
 * tick looks the same. So only files that have rested for a while are kept.
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

/** Bytes of a file whose content is kept, too. */
const CONTENT_MAX = READ_BYTES;
/** Seconds for which a path is taken to lead where it led. */
const PATH_SECONDS = 1;
/** Seconds after which a file is closed that nobody has asked for, or that has changed. */
const SWEEP_SECONDS = 5;
/** How long a file must have rested; and where times have no fractions, as those of FAT. */
const RESTED_MS = 100;
const RESTED_COARSE_MS = 2500;

/** Words of a stamp: see native/os/file_stamp.h. */
const STAMP_WORDS = 6;
const STAMP_SIZE = 0;
const STAMP_SECONDS = 2;
const STAMP_NS = 3;

/** What a file's answer says of it. */
export interface Described {
  readonly headers: Headers;
  readonly validators: Validators;
}

/** A file as the body of a response, that may be kept open for the next one. */
export class CachedBody extends FileBody {
  readonly _cache: FileCache;
  readonly _key: string;
  /** The file, if it is kept. */
  _file: ServedFile | null = null;
  /** What is said of it in a plain answer. */
  _described: Described | null = null;
  /** The system's word on the file as it is kept. */
  readonly _stamp: BigInt64Array = new BigInt64Array(STAMP_WORDS);
  /** Until when its path is taken to lead to it, in the loop's time. */
  _until = 0;
  /** It was asked for since the last sweep. */
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

/** Those of one route of one server. */
export class FileCache {
  readonly #loop: EventLoop;
  readonly #most: number;
  readonly #bodies: Map<string, CachedBody> = new Map();
  #sweeper: { cancel(): void } | null = null;
  #closed = false;

  /** @param most - files that are kept open */
  constructor(loop: EventLoop, most: number) {
    this.#loop = loop;
    this.#most = most;
  }

  /** Files that are open. */
  get size(): number {
    return this.#bodies.size;
  }

  /** The file that was kept under this key, if it is still the one to be sent. */
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

  /** Keeps a file that was just opened, if it can be trusted to show when it changes. */
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

  /** Closes all that nobody is sending, and keeps nothing more. */
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
      // It has become shorter; the next look says so.
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
      // The oldest goes, but for one that was asked for: that is young again, once.
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

/** Whether nothing has happened between the first look at a file and the stamp. */
function isOf(stamp: BigInt64Array, file: ServedFile): boolean {
  const modifiedNs = stamp[STAMP_SECONDS]! * 1_000_000_000n + stamp[STAMP_NS]!;
  return stamp[STAMP_SIZE] === BigInt(file.size) && modifiedNs === file.modifiedNs;
}
