// The files that servers send: "Hello, World!" repeated and cut to size.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { outputDir } from './paths.ts';

export const filesDir = path.join(outputDir, 'files');

/** The sizes of the files in bytes; each file is named after its size. */
export const FILE_SIZES: readonly number[] = [4096, 1024 * 1024];

/** Writes only missing files: a file that has just changed is a special case for every cache. */
export function writeFiles(): void {
  mkdirSync(filesDir, { recursive: true });
  for (const size of FILE_SIZES) {
    const file = path.join(filesDir, String(size));
    if (!existsSync(file)) writeFileSync(file, Buffer.alloc(size, 'Hello, World!'));
  }
}
