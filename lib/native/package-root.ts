/**
 * Where the package is, for what it has besides JavaScript: the binary, and the files that threads
 * start with. A bundler that puts the JavaScript into a file of its own leaves these behind.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The folder that has `package.json`, as far as this file can know: in a bundle it is another, and
 * a bundle of CommonJS has none (`import.meta.url` is undefined there).
 */
export function packageRoot(): string | undefined {
  try {
    // dist/native/package-root.js and lib/native/package-root.ts are equally deep.
    return fileURLToPath(new URL('../../', import.meta.url));
  } catch {
    return undefined;
  }
}

/** Whether that folder is really ours. */
export function isPackage(root: string | undefined): boolean {
  if (root === undefined) return false;
  try {
    const { name } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { name?: unknown };
    return name === 'oxbow';
  } catch {
    return false;
  }
}

/** What to tell a user who has bundled the package, and lacks `what` now. */
export function bundledError(what: string): Error {
  return Object.assign(
    new Error(
      `oxbow: this program is a bundle that has oxbow's JavaScript in it, but not ${what}.\n` +
        'Leave oxbow out of the bundle (esbuild: --external:oxbow; rollup: external; webpack: ' +
        'externals) and install it where the bundle runs: npm install oxbow',
    ),
    { code: 'ERR_OXBOW_BUNDLED' },
  );
}

/** Throws unless the package's own files are there; `what` names the ones that are wanted. */
export function requirePackage(what: string): void {
  if (!isPackage(packageRoot())) throw bundledError(what);
}
