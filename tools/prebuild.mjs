// Puts the local build where a package has its prebuilt binary, and takes it away again.
//
//   node tools/prebuild.mjs copy [root]     before packing
//   node tools/prebuild.mjs clean [root]    after packing
//
// It does not stay there, because the loader prefers a prebuilt binary: one that lay around would
// hide every later build.

import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { candidates, currentTarget } from '../build/lib/native/locate.js';

const [action, root = fileURLToPath(new URL('..', import.meta.url))] = process.argv.slice(2);
const [prebuilt, built] = candidates(resolve(root), currentTarget());

if (action === 'copy') {
  if (!existsSync(built)) {
    console.error(`${built} is not there; build it first: npm run build:native`);
    process.exit(1);
  }
  mkdirSync(dirname(prebuilt), { recursive: true });
  copyFileSync(built, prebuilt);
} else if (action === 'clean') {
  rmSync(dirname(prebuilt), { recursive: true, force: true });
} else {
  console.error('usage: node tools/prebuild.mjs copy|clean [root]');
  process.exit(1);
}
