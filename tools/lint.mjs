/**
 * `npm run lint`: oxlint over TypeScript and JavaScript, clang-tidy over the C++ of native/. Where
 * clang-tidy or CMake is missing (`apt-get install clang-tidy cmake`), it says so and goes on.
 *
 *   npm run lint -- --fix    mends what oxlint can mend
 *   npm run lint -- --ts     without C++, which takes minutes
 */
import { execFile, execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import { installed, nativeFiles, ran } from './native-files.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const FOLDERS = ['lib', 'test', 'bench', 'examples', 'tools'];
/** Where CMake writes the commands that compile each file; nothing is built there. */
const COMMANDS = 'build/lint';

const options = process.argv.slice(2);
const oxlint = `${ROOT}/node_modules/.bin/oxlint`;
let good = ran(oxlint, [...FOLDERS, ...options.filter((each) => each !== '--ts')], ROOT);

if (!options.includes('--ts')) {
  const missing = ['clang-tidy', 'cmake'].filter((program) => !installed(program));
  if (missing.length > 0) {
    console.log(`C++ was not looked at, without ${missing.join(' and ')}`);
  } else {
    // Each file by itself: what a build compiles together hides an include that is missing.
    const commands = ['-S', '.', '-B', COMMANDS, '-DOXBOW_ROOMS=OFF'];
    execFileSync('cmake', commands, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
    // The addon is not part of the core's build.
    const files = nativeFiles(ROOT)
      .filter((file) => file.startsWith('native/') && file.endsWith('.cc'))
      .filter((file) => !file.startsWith('native/addon/'));
    // Linux has the headers of kqueue from the tests' model.
    const model = `--extra-arg=-I${ROOT}/test/native/kqueue_model`;
    const tidy = (file) => succeeds('clang-tidy', ['-p', COMMANDS, '--quiet', model, file]);
    good = (await eachAtOnce(files, availableParallelism(), tidy)) && good;
  }
}
process.exitCode = good ? 0 : 1;

/** Whether a program ends well. What it says comes when it has ended, so that two do not mix. */
function succeeds(program, args) {
  return new Promise((resolve) => {
    execFile(program, args, { cwd: ROOT, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      process.stdout.write(stdout);
      if (error) process.stderr.write(stderr);
      resolve(!error);
    });
  });
}

/** Whether it went well with each, so many at a time. */
async function eachAtOnce(items, limit, perform) {
  const waiting = [...items];
  let good = true;
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      if (!(await perform(item))) good = false;
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return good;
}
