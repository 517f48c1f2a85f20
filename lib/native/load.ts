/**
 * Loads the addon: lazily, so that importing the package costs nothing and has no side effect, and
 * synchronously, so that the package can be `require`d.
 */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import type { NativeAddon } from './binding.ts';
import { LAYOUT_HASH } from './layout.ts';
import { candidates, currentTarget, targetName } from './locate.ts';
import type { Target } from './locate.ts';
import { bundledError, isPackage, packageRoot } from './package-root.ts';

/** The command that builds the binary, for error messages. */
const BUILD_COMMAND = 'node tools/build-native.mjs';

let loaded: NativeAddon | undefined;
let loadedFrom = '';

/**
 * The addon of this process; the first call loads it. `OXBOW_BINARY` in the environment names a
 * binary to use instead of the package's own.
 *
 * @throws Error with code `ERR_OXBOW_NO_BINARY` when no binary is there for this platform or none
 *   can be loaded; it names every path that was tried and the command that builds one.
 * @throws Error with code `ERR_OXBOW_STALE_BINARY` when the binary was built from other sources
 *   than this JavaScript.
 * @throws Error with code `ERR_OXBOW_RUNTIME` in Bun and Deno, `ERR_OXBOW_NO_ADDONS` when Node was
 *   started without addons, `ERR_OXBOW_BUNDLED` in a bundle that has left the binary behind.
 */
export function loadAddon(): NativeAddon {
  if (loaded !== undefined) return loaded;
  checkRuntime(process.versions);
  const binary = process.env['OXBOW_BINARY'];
  loaded = loadFrom({
    root: packageRoot() ?? '',
    target: currentTarget(),
    // An absolute path, because the system's loader would search for a bare name in its own
    // folders.
    override: binary && resolve(binary),
    exists: mayExist,
    load: (path) => {
      loadedFrom = path;
      return loadBinary(path);
    },
    bundled: () => !binary && !isPackage(packageRoot()),
  });
  return loaded;
}

/** The path that the addon was loaded from; '' before it is loaded. */
export function binaryPath(): string {
  return loadedFrom;
}

/**
 * Throws in runtimes other than Node. Without this, Bun ends the process at the first call into
 * libuv, and Deno when it binds the binary's symbols, without an error to catch.
 */
export function checkRuntime(versions: Readonly<Record<string, string | undefined>>): void {
  const other = versions['bun']
    ? `Bun ${versions['bun']}`
    : versions['deno']
      ? `Deno ${versions['deno']}`
      : undefined;
  if (other === undefined) return;
  throw Object.assign(
    new Error(
      `oxbow: this is ${other}, which has no libuv for the loop to run ` +
        'on; oxbow needs Node.js 20.19 or newer',
    ),
    { code: 'ERR_OXBOW_RUNTIME' },
  );
}

/**
 * Whether to try loading it. A process that may not check (Node's permissions) may still be able to
 * load it.
 */
function mayExist(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    return true;
  }
}

/** Loads a binary as `require` does, without its search for the file. */
export function loadBinary(path: string): unknown {
  const module = { exports: {} };
  process.dlopen(module, path);
  return module.exports;
}

/** The dependencies of loading; tests replace them. */
export interface LoadOptions {
  readonly root: string;
  readonly target: Target;
  readonly override?: string | undefined;
  readonly exists: (path: string) => boolean;
  readonly load: (path: string) => unknown;
  /** Called when there is no binary: whether this JavaScript was bundled without its package. */
  readonly bundled?: () => boolean;
}

/** Loads the first candidate that can be loaded, and checks that it fits this JavaScript. */
export function loadFrom(options: LoadOptions): NativeAddon {
  const tried: string[] = [];
  let cause: unknown;
  for (const path of candidates(options.root, options.target, options.override)) {
    if (!options.exists(path)) {
      tried.push(`${path}: not there`);
      continue;
    }
    let addon: NativeAddon;
    try {
      addon = options.load(path) as NativeAddon;
    } catch (error) {
      if (codeOf(error) === 'ERR_DLOPEN_DISABLED') throw noAddons(error);
      // A binary for another system; the next candidate may be one that was built here.
      cause ??= error;
      tried.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
      continue;
    }
    checkLayout(addon, path);
    return addon;
  }
  if (options.bundled?.()) throw bundledError('its native binary, which cannot be bundled');
  throw noBinary(options, tried, cause);
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | undefined)?.code;

function noAddons(cause: unknown): Error {
  const message =
    'permission' in process
      ? 'add --allow-addons to --permission, or run without it'
      : 'run it without --no-addons';
  return Object.assign(
    new Error(
      'oxbow: this Node was started without addons, and the core of ' + `oxbow is one; ${message}`,
      { cause },
    ),
    { code: 'ERR_OXBOW_NO_ADDONS' },
  );
}

function checkLayout(addon: NativeAddon, path: string): void {
  if (addon.layoutHash === LAYOUT_HASH) return;
  const message =
    `oxbow: ${path} was built from other sources than this JavaScript ` +
    `(layout ${String(addon.layoutHash)}, expected ${LAYOUT_HASH}); ` +
    `rebuild it: ${BUILD_COMMAND}`;
  throw Object.assign(new Error(message), { code: 'ERR_OXBOW_STALE_BINARY' });
}

function noBinary({ root, target, override }: LoadOptions, tried: string[], cause: unknown): Error {
  const libc = target.libc ? `, libc ${target.libc}` : '';
  const advice = override
    ? 'OXBOW_BINARY is set, so only that path was tried; correct it or unset it.'
    : `Build it: cd ${root} && npm install --ignore-scripts && ${BUILD_COMMAND}\n` +
      'Where CMake or a C++20 compiler is missing, it takes them from npm.';
  const message =
    `oxbow: no native binary for ${targetName(target)} ` +
    `(platform ${target.platform}, arch ${target.arch}${libc}).\nTried:\n` +
    tried.map((line) => `  ${line}\n`).join('') +
    advice;
  const error = cause === undefined ? new Error(message) : new Error(message, { cause });
  return Object.assign(error, { code: 'ERR_OXBOW_NO_BINARY' });
}
