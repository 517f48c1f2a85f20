/**
 * `npm run lint`: oxlint over TypeScript and JavaScript, clang-tidy over the C++ of native/. Where
 * clang-tidy is not installed (`apt-get install clang-tidy`), it says so and goes on.
 *
 *   npm run lint -- --fix    mends what oxlint can mend
 *   npm run lint -- --ts     without C++, which takes minutes
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { installed, nativeFiles, ran } from './native-files.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const FOLDERS = ['lib', 'test', 'bench', 'examples', 'tools'];
/** The build of the core, which CMake makes with the commands that compile each file. */
const COMMANDS = 'build/core';

const options = process.argv.slice(2);
const oxlint = `${ROOT}/node_modules/.bin/oxlint`;
let good = ran(oxlint, [...FOLDERS, ...options.filter((each) => each !== '--ts')], ROOT);

if (!options.includes('--ts')) {
  if (!installed('clang-tidy')) {
    console.log('clang-tidy is not installed: C++ was not looked at');
  } else if (!existsSync(`${ROOT}/${COMMANDS}/compile_commands.json`)) {
    console.log(`there is no ${COMMANDS}: C++ was not looked at; node test/run.mjs core makes it`);
  } else {
    // The addon is not part of the core's build.
    const files = nativeFiles(ROOT)
      .filter((file) => file.startsWith('native/') && file.endsWith('.cc'))
      .filter((file) => !file.startsWith('native/addon/'));
    // Linux has the headers of kqueue from the tests' model.
    const model = `--extra-arg=-I${ROOT}/test/native/kqueue_model`;
    for (const file of files) {
      good = ran('clang-tidy', ['-p', COMMANDS, '--quiet', model, file], ROOT) && good;
    }
  }
}
process.exitCode = good ? 0 : 1;
