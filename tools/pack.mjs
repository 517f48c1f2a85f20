// Ensures that a package has binaries that match its sources; run by npm around `npm pack`.
//
//   node tools/pack.mjs before [root]    checks those of npm run prebuilds, or adds the local build
//   node tools/pack.mjs after [root]     removes the local build again

import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { candidates, currentTarget } from '../build/lib/native/locate.js';
import { stale } from './prebuilds.mjs';

const [action, given = fileURLToPath(new URL('..', import.meta.url))] = process.argv.slice(2);
const root = resolve(given);
const [built, prebuilt] = candidates(root, currentTarget());

function before() {
  const all = join(root, 'prebuilds');
  const names = existsSync(all) ? readdirSync(all) : [];
  const old = names.filter(stale);
  if (old.length !== 0) {
    throw new Error(
      `of other sources than these: ${old.map((name) => `prebuilds/${name}`)}; ` +
        'build them again (npm run prebuilds) or delete them',
    );
  }
  if (existsSync(prebuilt)) return;
  if (!existsSync(built)) throw new Error(`${built} is not there: npm run build:native`);
  mkdirSync(dirname(prebuilt), { recursive: true });
  copyFileSync(built, prebuilt);
  // The binary for TLS, which does not exist if there were no headers of OpenSSL.
  const tls = join(dirname(built), 'oxbow_tls.node');
  if (existsSync(tls)) copyFileSync(tls, join(dirname(prebuilt), 'oxbow_tls.node'));
}

function after() {
  const isCopy =
    existsSync(prebuilt) && existsSync(built) && readFileSync(prebuilt).equals(readFileSync(built));
  if (!isCopy) return;
  rmSync(dirname(prebuilt), { recursive: true });
  const all = join(root, 'prebuilds');
  if (readdirSync(all).length === 0) rmSync(all, { recursive: true });
}

try {
  if (action === 'before') before();
  else if (action === 'after') after();
  else throw new Error('usage: node tools/pack.mjs before|after [root]');
} catch (error) {
  console.error(`oxbow: ${error.message}`);
  process.exit(1);
}
