/** The storage for the files of one request. */
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';

import { RuntimeError } from '../../core/errors/errors.ts';
import { uploadedFile } from './uploaded-file.ts';

/**
 * Files in memory up to a limit, the others in a folder that is created for the first of them, and
 * removed with its contents when the request is over.
 */
export class Uploads {
  #folder: Promise<string> | null = null;
  #count = 0;
  #over = false;
  /** How many more bytes of files may be kept in memory. */
  #room: number;
  readonly #parent: string | null;

  constructor(memory: number, parent: string | null) {
    this.#room = memory;
    this.#parent = parent;
  }

  /**
   * Reads a file of a form to its end: into memory, or to disk when memory's limit is reached.
   * @throws RuntimeError when the request is already over; the system's error
   */
  async take(source: Readable, name: string, type: string): Promise<File> {
    const pieces: Buffer[] = [];
    let size = 0;
    let stored: { path: string; handle: FileHandle } | null = null;
    try {
      for await (const piece of source as AsyncIterable<Buffer>) {
        size += piece.length;
        if (stored === null && piece.length <= this.#room) {
          this.#room -= piece.length;
          pieces.push(piece);
          continue;
        }
        if (stored === null) {
          stored = await this.#open();
          for (const early of pieces) await stored.handle.writeFile(early);
          this.#room += size - piece.length;
          pieces.length = 0;
        }
        await stored.handle.writeFile(piece);
      }
    } finally {
      await stored?.handle.close();
    }
    if (stored === null) return new File(pieces as unknown as string[], name, { type });
    return uploadedFile(stored.path, size, name, type);
  }

  async #open(): Promise<{ path: string; handle: FileHandle }> {
    if (this.#over)
      throw new RuntimeError('the request of this form is over, and so are its files');
    const { mkdtemp, open } = process.getBuiltinModule('node:fs/promises');
    const parent = this.#parent ?? process.getBuiltinModule('node:os').tmpdir();
    this.#folder ??= mkdtemp(`${parent}/oxbow-upload-`);
    const path = `${await this.#folder}/${this.#count++}`;
    return { path, handle: await open(path, 'wx', 0o600) };
  }

  /** Removes the folder, since the request is over. */
  remove(): void {
    this.#over = true;
    // Errors are ignored: nobody waits for this, and others may have removed the folder.
    const { rm } = process.getBuiltinModule('node:fs/promises');
    this.#folder?.then((folder) => rm(folder, { recursive: true, force: true })).catch(() => {});
  }
}
