// The C interface (native/include/oxbow.h) as an addon of somebody else sees it: the example is
// compiled with nothing but that header and Node-API's, and posts from a thread of its own.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { commands, testWith } from '../support/needs.ts';
import { ROOT } from '../support/root.ts';
import { runChild } from './core-child.ts';
import { printed } from './threads-child.ts';

const FOLDER = join(ROOT, 'build', `native-addon-${process.pid}`);
const HEADERS = join(ROOT, 'native/include');
const NODE_API = join(ROOT, 'node_modules/node-api-headers/include');
const WARNINGS = ['-Wall', '-Wextra', '-Wpedantic', '-Werror'];

const lack = commands('cc', 'c++');
const testInC = testWith(lack);

const TICKER = join(ROOT, 'examples/native-addon/ticker.c');

function compile(name: string, include: string, source = TICKER): string {
  const output = join(FOLDER, `${name}.node`);
  execFileSync('cc', [
    '-std=c99',
    '-D_POSIX_C_SOURCE=200809L',
    ...WARNINGS,
    '-fPIC',
    '-shared',
    '-I',
    include,
    '-I',
    NODE_API,
    source,
    '-o',
    output,
    '-lpthread',
  ]);
  return output;
}

/** post(api, loop): two callbacks that throw into JavaScript. */
const THROWER = `
  #include <node_api.h>
  #include <oxbow.h>
  static napi_env env_of_loop;
  static void throw_here(void *data, int status) {
    (void)data;
    if (status == OXBOW_OK) napi_throw_error(env_of_loop, "E_FROM_C", "thrown by C");
  }
  static napi_value post(napi_env env, napi_callback_info info) {
    size_t count = 2;
    napi_value args[2];
    void *pointer = NULL;
    double id = 0;
    const oxbow_api *api;
    oxbow_loop *loop;
    napi_get_cb_info(env, info, &count, args, NULL, NULL);
    napi_get_value_external(env, args[0], &pointer);
    napi_get_value_double(env, args[1], &id);
    api = pointer;
    env_of_loop = env;
    loop = api->loop_find((uint64_t)id);
    api->post(loop, throw_here, NULL);
    api->post(loop, throw_here, NULL);
    api->loop_unref(loop);
    return NULL;
  }
  NAPI_MODULE_INIT() {
    napi_value function;
    napi_create_function(env, "post", NAPI_AUTO_LENGTH, post, NULL, &function);
    napi_set_named_property(env, exports, "post", function);
    return exports;
  }
`;

let addon: string;
let addonOfTomorrow: string;

beforeAll(() => {
  if (lack) return;
  mkdirSync(FOLDER, { recursive: true });
  addon = compile('ticker', HEADERS);
  const header = readFileSync(join(HEADERS, 'oxbow.h'), 'utf8');
  const tomorrow = header.replace('#define OXBOW_ABI_VERSION 1u', '#define OXBOW_ABI_VERSION 99u');
  expect(tomorrow).not.toBe(header);
  writeFileSync(join(FOLDER, 'oxbow.h'), tomorrow);
  addonOfTomorrow = compile('tomorrow', FOLDER);
});

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const load = (file: string): string => `
  import { createRequire } from 'node:module';
  import { Worker } from 'node:worker_threads';
  import { connectLoop, EventLoop, getRunningLoop, run, shareLoop, sleep } from 'oxbow';
  const ticker = createRequire(process.cwd() + '/')(${JSON.stringify(file)});`;

testInC('the header is C99 and C++ on its own', () => {
  for (const [compiler, standard] of [
    ['cc', '-std=c99'],
    ['c++', '-std=c++11'],
  ] as const) {
    const source = join(FOLDER, compiler === 'cc' ? 'alone.c' : 'alone.cc');
    writeFileSync(
      source,
      '#include <oxbow.h>\nint f(const oxbow_api *a) { return oxbow_check(a); }\n',
    );
    // zig, as a C compiler, takes no -fsyntax-only without a warning.
    const flags = [standard, ...WARNINGS, '-I', HEADERS];
    execFileSync(compiler, [...flags, '-c', source, '-o', `${source}.o`]);
  }
});

testInC('a thread of C posts 100,000 items, in order', async () => {
  const program = join(ROOT, 'build/ts/examples/native-addon/ticker.js');
  const stdout = execFileSync(process.execPath, [program, addon], { encoding: 'utf8' });
  expect(stdout).toBe('10000 calls, 90000 callbacks, code 0\n');
});

testInC('an addon of another version refuses, and so does one that gets no table', async () => {
  const ended = await runChild(`${load(addonOfTomorrow)}
    const loop = new EventLoop();
    const tell = (body) => { try { body(); } catch (error) { console.log(error.message); } };
    tell(() => ticker.start(loop.nativeApi(), loop.nativeId(), 0, 1));
    tell(() => ticker.start({}, loop.nativeId(), 0, 1));
    tell(() => ticker.start(undefined, loop.nativeId(), 0, 1));
    loop.close();`);
  expect(ended).toEqual(printed('this addon needs another version of oxbow\n'.repeat(3)));
});

testInC('a number that is no loop, or none any more, is not found', async () => {
  const ended = await runChild(`${load(addon)}
    const loop = new EventLoop();
    const api = loop.nativeApi();
    const id = loop.nativeId();
    loop.close();
    for (const wrong of [id, 0, -1, 2 ** 53, NaN]) {
      try { ticker.start(api, wrong, 0, 1); } catch (error) { console.log(error.message); }
    }`);
  expect(ended).toEqual(printed('there is no such loop\n'.repeat(5)));
});

testInC('posting to a loop that is closed meanwhile answers OXBOW_CLOSED', async () => {
  const ended = await runChild(`${load(addon)}
    for (let round = 0; round < 5; round++) {
      const loop = new EventLoop();
      const handle = loop.share({ tick() { if (++ticks > round * 100) loop.stop(); } });
      let ticks = 0;
      ticker.start(loop.nativeApi(), loop.nativeId(), handle.functionId('tick'), 4e9 - 1);
      await loop.runForever();
      loop.close();
      const code = ticker.join();
      const [, dropped] = ticker.counted();
      if (code !== -1) console.log('code', code);
      if (dropped < 0) console.log('nothing dropped');
    }
    console.log('survived', ticker.counted()[0] > 0);`);
  expect(ended).toEqual(printed('survived true\n'));
});

testInC('a function number that is not shared goes to the exception handler', async () => {
  const ended = await runChild(`${load(addon)}
    await run(async () => {
      const loop = getRunningLoop();
      loop.setExceptionHandler((_, { exception }) => console.log(exception.name));
      const handle = shareLoop({});
      ticker.start(loop.nativeApi(), loop.nativeId(), 123456, 1);
      console.log(ticker.join());
      await sleep('1ms');
      handle.close();
    });`);
  expect(ended).toEqual(printed('0\nRuntimeError\n'));
});

testInC('an exception that C leaves pending in its own env disturbs nobody', async () => {
  const source = join(FOLDER, 'thrower.c');
  writeFileSync(source, THROWER);
  const ended = await runChild(`${load(compile('thrower', HEADERS, source))}
    await run(async () => {
      const loop = getRunningLoop();
      const handle = shareLoop({ call: () => console.log('called') });
      ticker.post(loop.nativeApi(), loop.nativeId());
      await connectLoop(handle).runCoroutineThreadsafe('call');
      handle.close();
      console.log('went on');
    });`);
  expect(ended).toEqual(printed('called\nwent on\n'));
});

testInC('a worker may be terminated while C posts to its loop', async () => {
  const ended = await runChild(`${load(addon)}
    const source = ${JSON.stringify(load(addon).replace("'oxbow'", '"OXBOW"'))}
      .replace('OXBOW', import.meta.resolve('oxbow')) + \`
      const { parentPort } = await import('node:worker_threads');
      await run(async () => {
        const loop = getRunningLoop();
        const handle = shareLoop({ tick() { parentPort.postMessage('up'); handle.close(); } });
        ticker.start(loop.nativeApi(), loop.nativeId(), handle.functionId('tick'), 4e9 - 1);
        loop.setExceptionHandler(() => {});
        await sleep('1h');
      });\`;
    for (let round = 0; round < 5; round++) {
      const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(source)));
      await new Promise((resolve) => worker.once('message', resolve));
      await worker.terminate();
      console.log(ticker.join());
    }`);
  expect(ended).toEqual(printed('-1\n'.repeat(5)));
});
