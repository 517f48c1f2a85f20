/**
 * Locates the package's other files: the binary, and the entry files of threads. A bundler that
 * copies the JavaScript into a file of its own leaves these behind.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The folder with `package.json`, relative to this file. In a bundle it is some other folder, or
 * undefined in a CommonJS bundle (where `import.meta.url` is undefined).
 */
export function packageRoot(): string | undefined {
  try {
    // dist/native/package-root.js and lib/native/package-root.ts are equally deep.
    return fileURLToPath(new URL('../../', import.meta.url));
  } catch {
    return undefined;
  }
}

/** Whether that folder is really this package. */
export function isPackage(root: string | undefined): boolean {
  if (root === undefined) return false;
  try {
    const { name } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { name?: unknown };
    return name === 'oxbow';
  } catch {
    return false;
  }
}

/** The error for a user who has bundled the package, so that `what` is missing. */
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

/**
 * @throws the error of `bundledError` unless the package's own files are there; `what` names those
 *   needed
 */
export function requirePackage(what: string): void {
  if (!isPackage(packageRoot())) throw bundledError(what);
}
