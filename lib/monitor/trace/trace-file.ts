/**
 * The file of a trace: a JSON array that is complete after every write. Each write replaces the
 * closing bracket by more events and a new bracket in one system call, so that a process that is
 * killed leaves a readable file.
 *
 * Several threads of a process write to one file. They share the descriptor, and memory for a lock
 * and for the position of the bracket; closing the file closes it for all of them.
 */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/** What another thread needs to write to the same file. */
export interface SharedTraceFile {
  readonly path: string;
  readonly descriptor: number;
  readonly memory: SharedArrayBuffer;
}

// Indices of the words in the shared memory, then that of the bracket's position, a double.
const LOCK = 0;
const CLOSED = 1;
const EVENTS = 2;
const POSITION = 2;
const BYTES = 24;

/** How long to wait for the lock: a thread that died while writing never unlocks. */
const LOCK_MS = 200;

export class TraceFile {
  readonly path: string;
  readonly #descriptor: number;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #place: Float64Array<SharedArrayBuffer>;
  readonly #tail: Uint8Array;

  /** Creates or replaces the file. @throws the file system's error */
  static create(path: string): TraceFile {
    const memory = new SharedArrayBuffer(BYTES);
    const descriptor = openSync(path, 'w', 0o666);
    const file = new TraceFile({ path, descriptor, memory });
    try {
      const head = file.#encode('[\n');
      file.#put([head, file.#tail], 0);
      file.#place[POSITION] = head.length;
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
    return file;
  }

  constructor(shared: SharedTraceFile) {
    this.path = shared.path;
    this.#descriptor = shared.descriptor;
    this.#words = new Int32Array(shared.memory);
    this.#place = new Float64Array(shared.memory);
    this.#tail = this.#encode('\n]\n');
  }

  /** What to pass to another thread. */
  share(): SharedTraceFile {
    return {
      path: this.path,
      descriptor: this.#descriptor,
      memory: this.#words.buffer as SharedArrayBuffer,
    };
  }

  /** Whether `inherited` (the environment data of workers) refers to this file. */
  isShared(inherited: unknown): boolean {
    const { file } = (inherited ?? {}) as { file?: SharedTraceFile };
    return file?.memory === this.#words.buffer;
  }

  /** How many events all threads have written. */
  get events(): number {
    return Atomics.load(this.#words, EVENTS);
  }

  get closed(): boolean {
    return Atomics.load(this.#words, CLOSED) === 1;
  }

  /**
   * Appends events, each a JSON text; does nothing once the file is closed.
   * @throws the file system's error; the events are then lost, the file is what it was before, and
   * the next write begins at the same position
   */
  write(events: readonly string[]): void {
    if (events.length === 0) return;
    this.#locked(() => {
      if (this.closed) return;
      const text = `${this.events === 0 ? '' : ',\n'}${events.join(',\n')}`;
      const bytes = this.#encode(text);
      const position = this.#place[POSITION]!;
      try {
        this.#put([bytes, this.#tail], position);
      } catch (error) {
        this.#restore(position);
        throw error;
      }
      this.#place[POSITION] = position + bytes.length;
      Atomics.add(this.#words, EVENTS, events.length);
    });
  }

  /** Closes the file for all threads. A second call does nothing. */
  close(): void {
    this.#locked(() => {
      if (this.closed) return;
      Atomics.store(this.#words, CLOSED, 1);
      closeSync(this.#descriptor);
    });
  }

  /**
   * Compresses for `.gz`. A gzip file may have several members, so earlier ones need no rewriting.
   */
  #encode(text: string): Uint8Array {
    if (!this.path.endsWith('.gz')) return Buffer.from(text);
    return process.getBuiltinModule('node:zlib').gzipSync(text, { level: 1 });
  }

  #put(pieces: readonly Uint8Array[], position: number): void {
    const bytes = Buffer.concat(pieces);
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done, position + done);
    }
  }

  /**
   * A write may have replaced the bracket before it failed, for example on a full disk: puts it
   * back where it was. That needs no more room than the file had.
   */
  #restore(position: number): void {
    try {
      ftruncateSync(this.#descriptor, position + this.#tail.length);
      this.#put([this.#tail], position);
    } catch {
      // The caller gets the error of the write.
    }
  }

  #locked(body: () => void): void {
    const words = this.#words;
    for (let waited = 0; Atomics.compareExchange(words, LOCK, 0, 1) !== 0; waited += 10) {
      if (waited >= LOCK_MS) break;
      Atomics.wait(words, LOCK, 1, 10);
    }
    try {
      body();
    } finally {
      Atomics.store(words, LOCK, 0);
      Atomics.notify(words, LOCK, 1);
    }
  }
}
