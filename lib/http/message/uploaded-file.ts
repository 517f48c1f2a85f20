/** Files of a form that are too large to be kept in memory. */

/**
 * A file of a form that was written to disk while it arrived: a `File` whose bytes are read from
 * there on demand. It is removed when its request is over; to keep it, copy or link `path` before
 * that.
 *
 * @example
 * const photo = (yield* request.formData()).get('photo') as File | UploadedFile;
 * if ('path' in photo) yield* promise(copyFile(photo.path, target));
 */
export interface UploadedFile extends File {
  /** Its path on disk, valid until the request is over. */
  readonly path: string;
}

/** A range of a file on disk. */
interface Stored {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

type Maker = (path: string, size: number, name: string, type: string) => UploadedFile;

let make: Maker | null = null;

/** Creates the File for `size` bytes at `path`. */
export function uploadedFile(path: string, size: number, name: string, type: string): UploadedFile {
  return (make ??= defineClasses())(path, size, name, type);
}

/**
 * Node creates its Blob and File classes on first use, so ours, which extend them, are created on
 * first use too.
 */
function defineClasses(): Maker {
  class StoredSlice extends Blob {
    readonly #stored: Stored;

    constructor(stored: Stored, type: string) {
      super([], { type });
      this.#stored = stored;
      Object.defineProperty(this, 'size', { value: stored.end - stored.start });
    }

    override stream(): ReturnType<Blob['stream']> {
      return streamOf(this.#stored);
    }

    override async arrayBuffer(): Promise<ArrayBuffer> {
      return (await bytesOf(this.#stored)).buffer;
    }

    override async bytes(): Promise<Uint8Array<ArrayBuffer>> {
      return bytesOf(this.#stored);
    }

    override async text(): Promise<string> {
      return new TextDecoder().decode(await bytesOf(this.#stored));
    }

    override slice(start?: number, end?: number, type?: string): Blob {
      return new StoredSlice(sliceOf(this.#stored, start, end), type ?? '');
    }
  }

  class UploadedFile extends File {
    readonly path: string;
    readonly #all: StoredSlice;

    constructor(path: string, size: number, name: string, type: string) {
      super([], name, { type });
      this.path = path;
      this.#all = new StoredSlice({ path, start: 0, end: size }, type);
      Object.defineProperty(this, 'size', { value: size });
    }

    override stream(): ReturnType<File['stream']> {
      return this.#all.stream();
    }

    override arrayBuffer(): Promise<ArrayBuffer> {
      return this.#all.arrayBuffer();
    }

    override bytes(): Promise<Uint8Array<ArrayBuffer>> {
      return this.#all.bytes();
    }

    override text(): Promise<string> {
      return this.#all.text();
    }

    override slice(start?: number, end?: number, type?: string): Blob {
      return this.#all.slice(start, end, type);
    }
  }

  return (path, size, name, type) => new UploadedFile(path, size, name, type);
}

function sliceOf({ path, start, end }: Stored, from = 0, to = end - start): Stored {
  const size = end - start;
  const place = (at: number): number => Math.max(0, Math.min(size, at < 0 ? size + at : at));
  const first = place(Math.trunc(from));
  return { path, start: start + first, end: start + Math.max(first, place(Math.trunc(to))) };
}

function streamOf({ path, start, end }: Stored): ReturnType<Blob['stream']> {
  const { createReadStream } = process.getBuiltinModule('node:fs');
  const { Readable } = process.getBuiltinModule('node:stream');
  const source =
    start === end ? Readable.from([]) : createReadStream(path, { start, end: end - 1 });
  return Readable.toWeb(source) as unknown as ReturnType<Blob['stream']>;
}

async function bytesOf({ path, start, end }: Stored): Promise<Uint8Array<ArrayBuffer>> {
  const handle = await process.getBuiltinModule('node:fs/promises').open(path, 'r');
  try {
    const bytes = new Uint8Array(end - start);
    for (let at = 0; at < bytes.length;) {
      const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at);
      if (bytesRead === 0) throw new RangeError(`${path} has become shorter`);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}
