/** Multipart forms, parsed by the package `@fastify/busboy` while they arrive. */
import type { Readable, Writable } from 'node:stream';

import type { Coro } from '../../core/support/types.ts';
import { promise } from '../../tasks/promise.ts';
import type { FormLimits } from './form-limits.ts';
import { tooLarge } from './form-limits.ts';
import { HttpError } from './http-error.ts';
import type { IncomingBody } from './incoming-body.ts';
import { loadPackage } from './packages.ts';
import type { Uploads } from './uploads.ts';

interface BusboyPackage {
  new (options: object): Writable;
}

/** A file that is being read. */
interface Part extends Readable {
  truncated: boolean;
}

/** The limits for the header of one part: lines, and bytes. */
const HEADER_LINES = 32;
const HEADER_BYTES = 16 * 1024;

let Busboy: BusboyPackage | null = null;

/**
 * Reads a form and stores its files in `uploads`. The peer has to wait while files are written.
 * @throws HttpError 413 when a limit is exceeded, 400 when the form is malformed
 */
export function* readMultipart(
  body: IncomingBody,
  type: string,
  limits: FormLimits,
  uploads: Uploads,
): Coro<FormData> {
  const parts = new Parts(type, limits, uploads);
  try {
    for (let piece; (piece = yield* body.read()) !== null;) yield* promise(parts.write(piece));
    return yield* promise(parts.end());
  } finally {
    parts.stop();
    // When the form was refused, discard the rest of the body.
    if (!body.complete) body._discard();
  }
}

class Parts {
  readonly #parser: Writable;
  readonly #entries: Array<[string, string | Promise<File>]> = [];
  readonly #streams = new Set<Part>();
  /** Rejected when the form cannot be read any further. */
  readonly #failed: Promise<never>;
  #fail!: (error: unknown) => void;
  /**
   * Resolved when the parser is done; with some malformed endings that is before `end()` was
   * called.
   */
  readonly #finished: Promise<void>;

  constructor(type: string, limits: FormLimits, uploads: Uploads) {
    this.#failed = new Promise<never>((_, reject) => (this.#fail = reject));
    this.#failed.catch(() => {});
    Busboy ??= loadPackage<BusboyPackage>('@fastify/busboy');
    try {
      this.#parser = new Busboy({
        headers: { 'content-type': type },
        isPartAFile: (_name: string, _type: string, file: string | undefined) => file !== undefined,
        limits: {
          fields: limits.maxParts,
          files: limits.maxFiles,
          parts: limits.maxParts,
          fieldSize: limits.maxFieldSize,
          fileSize: limits.maxFileSize,
          headerPairs: HEADER_LINES,
          headerSize: HEADER_BYTES,
        },
      });
    } catch (cause) {
      throw broken(cause);
    }
    this.#finished = new Promise((done) => this.#parser.once('finish', done));
    this.#listen(limits, uploads);
  }

  #listen({ maxParts, maxFiles, maxFieldSize, maxFileSize }: FormLimits, uploads: Uploads): void {
    const parser = this.#parser;
    const fail = this.#fail;
    parser.on('error', (cause) => fail(broken(cause)));
    parser.on('partsLimit', () => fail(tooLarge(`more than ${maxParts} parts`)));
    parser.on('fieldsLimit', () => fail(tooLarge(`more than ${maxParts} parts`)));
    parser.on('filesLimit', () => fail(tooLarge(`more than ${maxFiles} files`)));
    parser.on('field', (name: string | undefined, value: string, _: boolean, cut: boolean) => {
      if (cut) fail(tooLarge(`a field of more than ${maxFieldSize} bytes`));
      else if (name === undefined) fail(broken(new Error('a part has no name')));
      else this.#entries.push([name, value]);
    });
    parser.on(
      'file',
      (name: string | undefined, file: Part, fileName: string, _: string, type: string) => {
        if (name === undefined) fail(broken(new Error('a part has no name')));
        this.#streams.add(file);
        file.on('limit', () => fail(tooLarge(`a file of more than ${maxFileSize} bytes`)));
        const taken = uploads.take(file, fileName, type);
        taken.catch(fail);
        this.#entries.push([name ?? '', taken]);
      },
    );
  }

  /** Resolved when the parser accepts more. */
  write(piece: Uint8Array): Promise<void> {
    return this.#unlessFailed((done) => this.#parser.write(piece, () => done()));
  }

  async end(): Promise<FormData> {
    this.#parser.end();
    await Promise.race([this.#finished, this.#failed]);
    const form = new FormData();
    for (const [name, value] of this.#entries) {
      if (typeof value === 'string') form.append(name, value);
      else form.append(name, await value);
    }
    return form;
  }

  stop(): void {
    for (const file of this.#streams) file.destroy();
    this.#parser.destroy();
  }

  #unlessFailed(begin: (done: () => void) => void): Promise<void> {
    return Promise.race([new Promise<void>(begin), this.#failed]);
  }
}

function broken(cause: unknown): HttpError {
  return cause instanceof HttpError
    ? cause
    : new HttpError(400, 'the multipart form is broken', { cause });
}
