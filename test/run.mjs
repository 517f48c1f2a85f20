// Builds what the tests need, runs them and counts: the last line is `N passed, M failed`.
//
//   node test/run.mjs                    everything
//   node test/run.mjs core               the C++ tests alone
//   node test/run.mjs jest [arguments]   the JavaScript tests alone, as they are built now
//   node test/run.mjs fuzz [seconds]     each libFuzzer target for so long, from its kept corpus
//                                        (test/native/corpora); OXBOW_FUZZ_SEED=n for other inputs;
//                                        `keep` behind it: what is new is kept
//   node test/run.mjs kqueue             the kqueue driver, over a model of kqueue: the C++ tests,
//                                        and those in JavaScript of sockets, time and threads
//
// What this machine lacks is said in lines that begin with `skipped`; such tests are in no count.
// OXBOW_SANITIZE=address|thread makes `core` a sanitizer build, in a folder of its own;
// OXBOW_SANITIZE=address makes `jest` run on an addon that was built so (with gcc).

import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

import { forgetStale } from '../tools/build-native.mjs';
import { toolchain } from '../tools/toolchain.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const tally = { passed: 0, failed: 0 };
/** Where tests find a compiler; that of the core, once it was built. */
let environment = process.env;

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) console.error(`${command}: ${result.error.message}`);
  return { ok: result.status === 0, out: result.stdout ?? '' };
}

/** A step without a count of its own, such as a build, counts only when it fails. */
function step(name, command, args, options) {
  console.log(`== ${name}`);
  if (run(command, args, options).ok) return true;
  console.log(`== ${name} FAILED`);
  tally.failed += 1;
  return false;
}

function packageScript(name, path) {
  return join(dirname(require.resolve(`${name}/package.json`)), path);
}

function toolsFor(what) {
  try {
    return toolchain();
  } catch (error) {
    console.log(`== build ${what} FAILED: ${error.message}`);
    tally.failed += 1;
    return undefined;
  }
}

function core(name = '', flags = []) {
  const sanitize = process.env.OXBOW_SANITIZE ?? '';
  const out = ['build/core', name, sanitize].filter((part) => part !== '').join('-');
  const tools = toolsFor('the core');
  if (!tools) return;
  const { env, zig } = tools;
  environment = env;
  if (sanitize && zig) {
    console.log(`skipped: the core under ${sanitize}: zig comes without the sanitizers' libraries`);
    return;
  }
  forgetStale(join(root, out), zig);
  const configure = ['-S', '.', '-B', out, `-DOXBOW_SANITIZE=${sanitize}`, ...flags];
  if (!step('configure the core', 'cmake', configure, { env })) return;
  if (!step('build the core', 'cmake', ['--build', out, '--parallel', '2'], { env })) return;
  console.log('== test the core');
  const ctest = ['--test-dir', out, '--parallel', '2', '--verbose', '--no-tests=error'];
  const { ok, out: text } = run('ctest', ctest, {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const { passed, failed, silent } = countCore(text);
  // A program that died before it counted is one failure; so is an exit code that nothing explains.
  tally.passed += passed;
  tally.failed += Math.max(failed + silent, ok ? 0 : 1);
  console.log(ok ? `${passed} passed, ${failed} failed (core)` : text);
}

/** Adds up what the programs said; `silent` is how many failed without saying a number. */
export function countCore(text) {
  let passed = 0;
  let failed = 0;
  for (const match of text.matchAll(/^\d+: (\d+) passed, (\d+) failed$/gm)) {
    passed += Number(match[1]);
    failed += Number(match[2]);
  }
  const said = [...text.matchAll(/^(\d+): \d+ passed, \d+ failed$/gm)].map((match) => match[1]);
  const died = [...text.matchAll(/Test +#(\d+): .*(?:\*\*\*)/g)].map((match) => match[1]);
  return { passed, failed, silent: died.filter((number) => !said.includes(number)).length };
}

/**
 * Builds the addon under AddressSanitizer, and gives the environment in which Node can load it: the
 * sanitizer must have been there first. It looks for no leaks, since every other program that a
 * test starts would be searched as well.
 */
function sanitized() {
  if (process.env.OXBOW_SANITIZE !== 'address') {
    console.log(
      '== OXBOW_SANITIZE FAILED: the JavaScript tests take address (with undefined) alone',
    );
    tally.failed += 1;
    return undefined;
  }
  const cxx = process.env.CXX || 'c++';
  const asked = run(cxx, ['-print-file-name=libasan.so'], { stdio: 'pipe', encoding: 'utf8' });
  const library = asked.out.trim();
  if (!isAbsolute(library)) {
    console.log(`skipped: the addon under address: ${cxx} has no libasan.so`);
    return undefined;
  }
  const builder = ['tools/build-native.mjs', 'address'];
  if (!step('build the addon under address', process.execPath, builder)) return undefined;
  return {
    ...environment,
    OXBOW_BINARY: join(root, 'build/address/Release/oxbow.node'),
    LD_PRELOAD: library,
    ASAN_OPTIONS: 'detect_leaks=0:detect_odr_violation=0',
    UBSAN_OPTIONS: 'print_stacktrace=1',
  };
}

/** The tests on such an addon, and then what two long programs leave behind. */
function jestSanitized(args) {
  const env = sanitized();
  if (!env) return;
  environment = env;
  jest(args);
  for (const [program, ...rest] of [
    ['connections', '--count', '2000'],
    ['soak', '--seconds', '5'],
  ]) {
    const file = `build/ts/test/soak/${program}.js`;
    const searched = {
      ...env,
      ASAN_OPTIONS: 'detect_odr_violation=0',
      LSAN_OPTIONS: `suppressions=${join(root, 'test/support/leaks-of-node.txt')}`,
    };
    const options = { env: searched };
    if (step(`leaks of ${program}`, process.execPath, ['--expose-gc', file, ...rest], options)) {
      tally.passed += 1;
    }
  }
}

function jest(args) {
  console.log(`== jest on Node ${process.version}`);
  const report = `${root}build/jest-${process.pid}.json`;
  mkdirSync(`${root}build`, { recursive: true });
  const bin = packageScript('jest', 'bin/jest.js');
  // A rewrite of the snapshot or an empty run must not pass for success.
  const { ok } = run(process.execPath, [bin, '--ci', '--json', `--outputFile=${report}`, ...args], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const before = tally.failed;
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    tally.passed += result.numPassedTests;
    tally.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    sayWhatFailed(result);
    sayWhatWasSkipped(result);
  } catch (error) {
    console.error(`jest left no report: ${error.message}`);
  }
  rmSync(report, { force: true });
  if (!ok && tally.failed === before) tally.failed += 1;
}

/** Jest's patterns of the tests that meet a driver. */
const OF_DRIVERS = [
  'contract/',
  'http/',
  'io/',
  'net/',
  'process/core-',
  'process/robust-',
  'process/threads-',
  'process/simulation-end',
  'asyncio/loop',
  'asyncio/recorded',
];

/** Seconds of a libFuzzer target. */
const FUZZ_SECONDS = 15;
/** Bytes of an input. */
const FUZZ_LENGTH = 2000;

/** Whether there is a clang++ that comes with libFuzzer. */
function hasLibFuzzer() {
  const source = 'extern "C" int LLVMFuzzerTestOneInput(const char*, unsigned long) { return 0; }';
  const args = ['-x', 'c++', '-fsanitize=fuzzer,address', '-o', '/dev/null', '-'];
  return run('clang++', args, { input: source, stdio: ['pipe', 'ignore', 'ignore'] }).ok;
}

async function fuzz([seconds = FUZZ_SECONDS, keep]) {
  if (!hasLibFuzzer()) {
    console.log('skipped: the fuzz targets: there is no clang++ with libFuzzer here');
    tally.skipped = true;
    return;
  }
  const built = join(root, 'build/core-fuzz');
  const flags = ['-DOXBOW_FUZZ=ON', '-DOXBOW_TESTS=OFF', '-DOXBOW_SANITIZE=address'];
  const configure = ['-S', '.', '-B', built, '-DCMAKE_CXX_COMPILER=clang++', ...flags];
  if (!step('configure the fuzz targets', 'cmake', configure)) return;
  if (!step('build the fuzz targets', 'cmake', ['--build', built, '--parallel', '2'])) return;
  const names = readdirSync(join(root, 'test/native')).filter((name) => name.endsWith('_fuzz.cc'));
  // That of TLS is not built without OpenSSL.
  const targets = names
    .map((name) => name.replace('.cc', ''))
    .filter((target) => existsSync(join(built, target)));
  // A target has one thread.
  const each = async () => {
    for (let target = targets.shift(); target !== undefined; target = targets.shift()) {
      await fuzzOne(join(built, target), target, seconds, keep);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, each));
}

/** A line of base64 is an input. */
async function fuzzOne(program, target, seconds, keep) {
  const folder = join(root, 'build/fuzz', target);
  const [found, kept, merged] = ['found', 'kept', 'merged'].map((name) => join(folder, name));
  const corpus = join(root, 'test/native/corpora', `${target}.txt`);
  rmSync(folder, { recursive: true, force: true });
  for (const each of [found, kept, merged]) mkdirSync(each, { recursive: true });
  const lines = existsSync(corpus) ? readFileSync(corpus, 'utf8').trimEnd().split('\n') : [];
  lines.forEach((line, n) => writeFileSync(join(kept, `${n}`), Buffer.from(line, 'base64')));
  const seed = process.env.OXBOW_FUZZ_SEED ?? 1;
  const limits = [`-max_total_time=${seconds}`, '-timeout=10', `-max_len=${FUZZ_LENGTH}`];
  const args = [...limits, `-seed=${seed}`, `-artifact_prefix=${folder}/`, found, kept];
  const { ended, stderr } = await quietly(program, args);
  if (ended) {
    tally.passed += 1;
    console.log(`== ${target}: ${lines.length} kept, ${/^#.*DONE.*$/m.exec(stderr)?.[0] ?? ''}`);
  } else {
    tally.failed += 1;
    const why = /^.*(?:ERROR|runtime error|broken|SUMMARY).*$/m.exec(stderr)?.[0] ?? stderr;
    const input = /^Base64: .*$/m.exec(stderr)?.[0] ?? '';
    console.log(`FAILED ${target}: ${input} ${inOneLine(why)}`);
  }
  if (keep !== 'keep') return;
  await quietly(program, ['-merge=1', `-max_len=${FUZZ_LENGTH}`, merged, kept, found]);
  const inputs = readdirSync(merged).map((name) => readFileSync(join(merged, name)));
  inputs.sort((a, b) => a.length - b.length || Buffer.compare(a, b));
  mkdirSync(dirname(corpus), { recursive: true });
  writeFileSync(corpus, inputs.map((input) => `${input.toString('base64')}\n`).join(''));
}

/** Whether a program ended well, and what it said. */
function quietly(program, args) {
  return new Promise((resolve) => {
    execFile(program, args, { maxBuffer: 1 << 28 }, (error, _stdout, stderr) => {
      resolve({ ended: !error, stderr });
    });
  });
}

function kqueue() {
  core('kqueue', ['-DOXBOW_KQUEUE_MODEL=ON']);
  if (!step('build the addon with kqueue', process.execPath, ['tools/build-native.mjs', 'kqueue']))
    return;
  environment = { ...environment, OXBOW_BINARY: join(root, 'build/kqueue/Release/oxbow.node') };
  jest(OF_DRIVERS);
}

/**
 * A line for each test that failed, with the beginning of the reason. The core prints such lines as
 * well; `.ci/run` collects both.
 */
function sayWhatFailed({ testResults }) {
  for (const { name, status, message, assertionResults } of testResults) {
    const file = relative(join(root, 'build/ts/test'), name).replace(/\.test\.js$/, '');
    const failed = assertionResults.filter((test) => test.status === 'failed');
    // A test's name stands in its message.
    for (const { failureMessages } of failed) {
      console.log(`FAILED ${file}: ${inOneLine(failureMessages.join('\n'))}`);
    }
    if (status === 'failed' && failed.length === 0) {
      console.log(`FAILED ${file}: did not run: ${inOneLine(message)}`);
    }
  }
}

const inOneLine = (text) =>
  stripVTControlCharacters(text).replace(/\s+/g, ' ').trim().slice(0, REASON_MAX);

/** How many characters of a reason are enough to tell one from another. */
const REASON_MAX = 200;

/** Says how many tests had to be left out here and why; test/support/needs.ts gives the reasons. */
function sayWhatWasSkipped({ testResults }) {
  const reasons = new Map();
  for (const { assertionResults } of testResults) {
    for (const { status, title, fullName } of assertionResults) {
      if (status !== 'pending') continue;
      const reason = / \[skipped: (.*)\]$/.exec(title)?.[1] ?? `no reason given: ${fullName}`;
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  }
  for (const [reason, count] of reasons) console.log(`skipped ${count}: ${reason}`);
}

// Generated files that are committed (types/, the layout) are not written here, or tidy could never
// find them stale; `npm run build` writes them.
function build() {
  step('build the addon', process.execPath, ['tools/build-native.mjs']);
  const tsc = packageScript('typescript', 'bin/tsc');
  step('compile the library', process.execPath, [tsc, '-p', 'tsconfig.json']);
  step('bundle the library', process.execPath, ['tools/bundle.mjs']);
  step('check the types of tests, examples and benchmarks', process.execPath, [
    tsc,
    '-p',
    'tsconfig.programs.json',
  ]);
  step('check what is written as users write it', process.execPath, [
    tsc,
    '-p',
    'tsconfig.users.json',
  ]);
}

async function main([what, ...rest]) {
  if (what === 'core') core();
  else if (what === 'jest' && process.env.OXBOW_SANITIZE) jestSanitized(rest);
  else if (what === 'jest') jest(rest);
  else if (what === 'kqueue') kqueue();
  else if (what === 'fuzz') await fuzz(rest);
  else if (what === undefined) {
    build();
    core();
    jest([]);
  } else {
    console.error('usage: node test/run.mjs [core | jest [arguments] | fuzz [seconds] | kqueue]');
    process.exit(2);
  }
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  const nothing = tally.passed === 0 && !tally.skipped;
  process.exitCode = tally.failed > 0 || nothing ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
