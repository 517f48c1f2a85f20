/**
 * `npm run lint`: runs oxlint on TypeScript and JavaScript, and clang-tidy on the C++ of native/.
 * If clang-tidy or CMake is missing (`apt-get install clang-tidy cmake`), it says so and skips C++.
 *
 *   npm run lint -- --fix    fixes what oxlint can fix
 *   npm run lint -- --ts     without C++, which takes minutes
 */
import { execFile, execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import { installed, nativeFiles, ran } from './native-files.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const FOLDERS = ['lib', 'test', 'bench', 'examples', 'tools'];
/** The folder in which CMake writes the compile commands of each file; nothing is built there. */
const COMMANDS = 'build/lint';

const options = process.argv.slice(2);
const oxlint = `${ROOT}/node_modules/.bin/oxlint`;
let good = ran(oxlint, [...FOLDERS, ...options.filter((each) => each !== '--ts')], ROOT);

if (!options.includes('--ts')) {
  const missing = ['clang-tidy', 'cmake'].filter((program) => !installed(program));
  if (missing.length > 0) {
    console.log(`C++ was not looked at, without ${missing.join(' and ')}`);
  } else {
    // Each file by itself: compiling several together, as builds do, hides a missing include.
    const commands = ['-S', '.', '-B', COMMANDS, '-DOXBOW_ROOMS=OFF'];
    execFileSync('cmake', commands, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
    // The addon is not part of the core's build.
    const files = nativeFiles(ROOT)
      .filter((file) => file.startsWith('native/') && file.endsWith('.cc'))
      .filter((file) => !file.startsWith('native/addon/'));
    // On Linux, the headers of kqueue come from the model for tests.
    const model = `--extra-arg=-I${ROOT}/test/native/kqueue_model`;
    const tidy = (file) => succeeds('clang-tidy', ['-p', COMMANDS, '--quiet', model, file]);
    good = (await eachAtOnce(files, availableParallelism(), tidy)) && good;
  }
}
process.exitCode = good ? 0 : 1;

/**
 * Runs a program; resolves to whether it succeeded. Its output is printed at its end, so that the
 * output of several does not mix.
 */
function succeeds(program, args) {
  return new Promise((resolve) => {
    execFile(program, args, { cwd: ROOT, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      process.stdout.write(stdout);
      if (error) process.stderr.write(stderr);
      resolve(!error);
    });
  });
}

/** Runs `perform` for each item, at most `limit` at a time; resolves to whether all succeeded. */
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
