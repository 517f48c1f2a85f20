/**
 * `npm run format`: runs oxfmt on TypeScript, JavaScript and JSON, and clang-format on C++.
 *
 *   npm run format -- --check    changes nothing; exits with 1 if a file would be changed
 */
import { fileURLToPath } from 'node:url';

import { installed, nativeFiles, ran } from './native-files.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const check = process.argv.includes('--check');

let good = ran(`${ROOT}/node_modules/.bin/oxfmt`, check ? ['--check', '.'] : ['.'], ROOT);
if (installed('clang-format')) {
  const how = check ? ['--dry-run', '--Werror'] : ['-i'];
  good = ran('clang-format', [...how, ...nativeFiles(ROOT)], ROOT) && good;
} else {
  console.log('clang-format is not installed (apt-get install clang-format): C++ was left alone');
}
process.exitCode = good ? 0 : 1;
