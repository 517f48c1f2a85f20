// Paths of files and folders. Compiled, this file is in build/ts/bench/.
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const here = path.dirname(fileURLToPath(import.meta.url));

export const rootDir = path.resolve(here, '../../..');
/** Programs compiled from bench/**.ts. */
export const compiledDir = here;
/** Sources that are run without compiling (Python). */
export const sourceDir = path.join(rootDir, 'bench');
/** Results, and other output of a run. */
export const outputDir = path.join(rootDir, 'build/bench');
/** Native programs. */
export const nativeDir = path.join(outputDir, 'native');
/** Where `npm install --prefix build/peers bun …` installs the peers. */
export const peersDir = path.join(rootDir, 'build/peers/node_modules');
