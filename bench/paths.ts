// Where things are. Compiled, this file lies in build/ts/bench/.
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const here = path.dirname(fileURLToPath(import.meta.url));

export const rootDir = path.resolve(here, '../../..');
/** Programs that were compiled from bench/**.ts. */
export const compiledDir = here;
/** Sources that are run as they are (Python). */
export const sourceDir = path.join(rootDir, 'bench');
/** Results, and what a run leaves behind. */
export const outputDir = path.join(rootDir, 'build/bench');
/** Native programs. */
export const nativeDir = path.join(outputDir, 'native');
/** Where `npm install --prefix build/peers bun …` puts the peers. */
export const peersDir = path.join(rootDir, 'build/peers/node_modules');
