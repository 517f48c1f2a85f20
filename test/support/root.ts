import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function climb(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const above = dirname(folder);
  if (above === folder) throw new Error('no package.json above this file');
  return climb(above);
}

/** The checkout's root, without a slash at the end; the same from test/ and from build/ts/test/. */
export const ROOT = climb(dirname(fileURLToPath(import.meta.url)));
