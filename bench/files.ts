// The files that servers send: "Hello, World!" over and over, cut at their length.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { outputDir } from './paths.ts';

export const filesDir = path.join(outputDir, 'files');

/** Sizes of the files; the name of one is its size. */
export const FILE_SIZES: readonly number[] = [4096, 1024 * 1024];

/** Writes what is not there yet: a file that has just changed is a special case to every cache. */
export function writeFiles(): void {
  mkdirSync(filesDir, { recursive: true });
  for (const size of FILE_SIZES) {
    const file = path.join(filesDir, String(size));
    if (!existsSync(file)) writeFileSync(file, Buffer.alloc(size, 'Hello, World!'));
  }
}
