/**
 * Rules about the sources that a compiler does not check. Each has a test of its own that shows it
 * can fail: a rule that finds nothing looks the same as a rule that is broken.
 */

import { valueCircles, wideCircles } from './support/tidy-circles.ts';
import { checkDeadLib, checkDeadNative } from './support/tidy-dead.ts';
import { sourceFiles } from './support/tidy-files.ts';
import type { SourceFile } from './support/tidy-files.ts';
import {
  checkLayout,
  checkTypes,
  committedTypes,
  compareTrees,
  internalMembers,
  layoutGenerator,
} from './support/tidy-generated.ts';
import {
  LIB_LAYERS,
  NATIVE_LAYERS,
  checkHeaders,
  checkLayers,
  checkPlatform,
  unusedArrows,
} from './support/tidy-layers.ts';
import { checkCommentLengths } from './support/tidy-lengths.ts';
import { checkWords } from './support/tidy-words.ts';
import { ROOT } from './support/root.ts';

const files = sourceFiles(ROOT);

function file(path: string, ...lines: string[]): SourceFile {
  return { path, text: `${lines.join('\n')}\n` };
}

describe('the sources', () => {
  test('are found', () => {
    const paths = files.map(({ path }) => path);
    expect(paths).toContain('lib/native/load.ts');
    expect(paths).toContain('native/ring/layout.h');
    expect(paths).toContain('CMakeLists.txt');
    expect(paths.filter((path) => path.includes('node_modules'))).toEqual([]);
  });
});

describe('import directions', () => {
  test('hold in lib', () => {
    expect(checkLayers(files, 'lib', LIB_LAYERS)).toEqual([]);
  });

  test('hold in native', () => {
    expect(checkLayers(files, 'native', NATIVE_LAYERS)).toEqual([]);
  });

  test('know the rooms inside of a room', () => {
    const layers = [
      { room: 'http/message', sees: [] },
      { room: 'http/client', sees: ['http/message'] },
    ];
    const down = file('lib/http/client/a.ts', "import '../message/b.ts';");
    const up = file('lib/http/message/b.ts', "import '../client/a.ts';");
    expect(checkLayers([down], 'lib', layers)).toEqual([]);
    expect(checkLayers([up], 'lib', layers)).toEqual([
      'lib/http/message/b.ts:1: http/message must not see lib/http/client/a.ts',
    ]);
  });

  test('that nothing uses are not permitted', () => {
    expect(unusedArrows(files, 'lib', LIB_LAYERS)).toEqual([]);
    expect(unusedArrows(files, 'native', NATIVE_LAYERS)).toEqual([]);
    const up = file('lib/core/a.ts', "import '../native/b.ts';");
    expect(
      unusedArrows([up], 'lib', [
        { room: 'native', sees: [] },
        { room: 'core', sees: ['native', 'io'] },
      ]),
    ).toEqual([
      'lib/core sees io, which no file of it needs; take it out',
      'lib/native has a row in the layers, and no file',
    ]);
  });

  test('do not go round in circles, but for types', () => {
    expect(valueCircles(files)).toEqual([]);
    const circle = [
      file('lib/core/a.ts', "import { b } from './b.ts';"),
      file('lib/core/b.ts', "export { c } from './c.ts';", "import type { D } from './d.ts';"),
      file('lib/core/c.ts', 'import {', '  type A, a,', "} from './a.ts';"),
      file('lib/core/d.ts', "import { type A, type B } from './a.ts';"),
      file('lib/core/e.ts', "import './d.ts';", "import './e.ts';"),
    ];
    expect(valueCircles(circle)).toEqual([
      'lib/core/a.ts:1: goes round: lib/core/a.ts -> lib/core/b.ts -> lib/core/c.ts ' +
        '-> lib/core/a.ts',
      'lib/core/e.ts:1: goes round: lib/core/e.ts -> lib/core/e.ts',
    ]);
  });

  test('do not go round between the rooms of core, for types either', () => {
    expect(wideCircles(files)).toEqual([]);
    const circles = [
      file('lib/core/future/a.ts', "import type { B } from '../task/b.ts';"),
      file('lib/core/task/b.ts', "import { C } from './c.ts';"),
      file('lib/core/task/c.ts', "import type { A } from '../future/a.ts';"),
      file('lib/core/loop/d.ts', "import { a } from '../future/a.ts';", "import './e.ts';"),
      file('lib/core/loop/e.ts', "import type { D } from './d.ts';"),
    ];
    expect(wideCircles(circles)).toEqual([
      'lib/core/future/a.ts:1: is in a circle of types with lib/core/task/b.ts, lib/core/task/c.ts',
    ]);
  });

  test('Node and libuv are seen where they may be', () => {
    expect(checkHeaders(files)).toEqual([]);
  });

  test('an arrow that points up is found', () => {
    const up = file('lib/core/a.ts', "import { b } from './b.ts';", "import '../http/c.ts';");
    expect(checkLayers([up], 'lib', LIB_LAYERS)).toEqual([
      'lib/core/a.ts:2: core must not see lib/http/c.ts',
    ]);
    const native = file('native/loop/a.cc', '#include "base/b.h"', '#include "engine/c.h"');
    expect(checkLayers([native], 'native', NATIVE_LAYERS)).toEqual([
      'native/loop/a.cc:2: loop must not see native/engine/c.h',
    ]);
  });

  test('a type import, a dynamic import and a room without a row are found', () => {
    const wrong = [
      file(
        'lib/core/a.ts',
        "import type { B } from '../net/b.ts';",
        "await import('../net/c.ts');",
      ),
      file('lib/attic/a.ts', ''),
    ];
    expect(checkLayers(wrong, 'lib', LIB_LAYERS)).toEqual([
      'lib/core/a.ts:1: core must not see lib/net/b.ts',
      'lib/core/a.ts:2: core must not see lib/net/c.ts',
      'lib/attic/a.ts:1: the room "attic" has no row in the layers',
    ]);
  });

  test('headers of Node in the core are found, and uv.h elsewhere in the addon', () => {
    const wrong = [
      file('native/loop/a.cc', '#include <napi.h>'),
      file('native/addon/a.cc', '#include <napi.h>', '#include <uv.h>'),
      file('native/addon/host_loop.cc', '#include <uv.h>'),
    ];
    expect(checkHeaders(wrong)).toEqual([
      'native/loop/a.cc:1: <napi.h> belongs to ^native\\/addon\\/',
      'native/addon/a.cc:2: <uv.h> belongs to ^native\\/addon\\/host_loop\\.cc$',
    ]);
  });
});

test('comments are not too long, and one that is would be found', () => {
  expect(checkCommentLengths(files)).toEqual([]);
  expect(checkCommentLengths([file('lib/a.ts', `  // ${'x'.repeat(98)}`, 'f();')])).toEqual([
    'lib/a.ts:1: line is 103 long; a line has at most 100',
  ]);
});

describe('constants of one platform', () => {
  test('are in native/os alone', () => {
    expect(checkPlatform(files)).toEqual([]);
  });

  test('are found', () => {
    const wrong = [
      file('native/loop/a.cc', '#ifdef __linux__', 'int x = accept4(a, b, c, SOCK_CLOEXEC);'),
      file('native/os/a.cc', '#if defined(__APPLE__)', 'eventfd(0, 0);'),
      file('native/driver/epoll.cc', 'epoll_create1(EPOLL_CLOEXEC);'),
      file('native/driver/readiness.cc', 'events = EPOLLIN;', 'filter = EVFILT_READ;'),
      file('native/net/a.cc', 'send(a, b, c, MSG_NOSIGNAL);'),
    ];
    expect(checkPlatform(wrong)).toEqual([
      'native/loop/a.cc:1: __linux__ is of one platform; it belongs to native/os',
      'native/loop/a.cc:2: accept4 is of one platform; it belongs to native/os',
      'native/loop/a.cc:2: SOCK_CLOEXEC is of one platform; it belongs to native/os',
      'native/driver/readiness.cc:1: EPOLLIN is of one platform; it belongs to native/os',
      'native/driver/readiness.cc:2: EVFILT_READ is of one platform; it belongs to native/os',
      'native/net/a.cc:1: MSG_NOSIGNAL is of one platform; it belongs to native/os',
    ]);
  });
});

describe('dead files', () => {
  test('are not in lib', () => {
    expect(checkDeadLib(files)).toEqual([]);
  });

  test('are not in native', () => {
    expect(checkDeadNative(files)).toEqual([]);
  });

  test('are found', () => {
    const lib = [
      file('lib/index.ts', "export { a } from './core/a.ts';"),
      file('lib/core/a.ts', ''),
      file('lib/core/b.ts', ''),
    ];
    expect(checkDeadLib(lib)).toEqual(['lib/core/b.ts:1: no entry point imports it; delete it']);
    const native = [
      file('CMakeLists.txt', '  native/loop/a.cc', '  # native/loop/b.cc', '  native/loop/c.cc'),
      file('native/loop/a.cc', '#include "loop/a.h"'),
      file('native/loop/a.h', ''),
      file('native/loop/b.cc', ''),
      file('native/loop/d.h', ''),
    ];
    expect(checkDeadNative(native)).toEqual([
      'native/loop/b.cc:1: CMakeLists.txt does not build it; list or delete it',
      'native/loop/d.h:1: no source includes it; delete it',
      'CMakeLists.txt:1: native/loop/c.cc does not exist',
    ]);
  });
});

describe('generated files', () => {
  test('of the layout are current', async () => {
    expect(await checkLayout(ROOT)).toEqual([]);
  });

  test('types/ is what lib/ emits', async () => {
    expect(await checkTypes(ROOT)).toEqual([]);
  });

  test('types/ shows nothing internal', () => {
    expect(internalMembers(committedTypes(ROOT))).toEqual([]);
    expect(
      internalMembers(
        new Map([
          [
            'a.d.ts',
            [
              'export declare class A {',
              '    readonly _a: number;',
              '    get _b(): number;',
              '    /** @internal */',
              '    c(_d: number): void;',
              '}',
            ].join('\n'),
          ],
        ]),
      ),
    ).toEqual([
      'types/a.d.ts:2: is internal',
      'types/a.d.ts:3: is internal',
      'types/a.d.ts:4: is internal',
    ]);
  });

  test('a declaration that is stale, missing or left over is found', () => {
    const committed = new Map([
      ['a.d.ts', 'old'],
      ['gone.d.ts', ''],
      ['same.d.ts', 'x'],
    ]);
    const fresh = new Map([
      ['a.d.ts', 'new'],
      ['more.d.ts', ''],
      ['same.d.ts', 'x'],
    ]);
    expect(compareTrees(committed, fresh, 'types')).toEqual([
      'types/a.d.ts:1: is stale; run: npm run build:ts',
      'types/gone.d.ts:1: has no source; delete it',
      'types/more.d.ts:1: is stale; run: npm run build:ts',
    ]);
  });

  test('the layout reader knows its forms and refuses others', async () => {
    const { parseLayout, hashLayout } = await layoutGenerator(ROOT);
    const constants = parseLayout(
      [
        '// Size.',
        'constexpr uint32_t kChunkBytes = 1u << 18;',
        'enum class Op : uint32_t {',
        '  kTimerAdd = 0x10,  // starts one',
        '};',
      ].join('\n'),
    );
    expect(constants).toMatchObject([
      { name: 'CHUNK_BYTES', value: 262144, comment: ['Size.'] },
      { name: 'OP_TIMER_ADD', value: 16, comment: ['starts one'] },
    ]);
    const changed = [{ ...constants[0]!, value: 1 }, constants[1]!];
    expect(hashLayout(changed)).not.toBe(hashLayout(constants));
    expect(() => parseLayout('int x = 1;')).toThrow('layout.h:1: "int x = 1;" is no form');
    expect(() => parseLayout('constexpr uint32_t kA = kB;')).toThrow('neither an integer');
    const twice = 'constexpr uint32_t kA = 1;';
    expect(() => parseLayout(`${twice}\n${twice}`)).toThrow('layout.h:2: A is there twice');
  });
});

describe('banned words', () => {
  test('are not used', () => {
    expect(checkWords(files)).toEqual([]);
  });

  test('are found with their replacement, in code only where comments may name them', () => {
    const wrong = [
      file('lib/core/a.ts', '// Date.now is banned', 'const t = Date.now();', 'console.log(t);'),
      file('lib/core/loop/wall-clock.ts', 'performance.now();'),
      file('native/loop/a.cc', '// FIXME', 'clock_gettime(0, &t);', 'static_assert(sizeof(t));'),
      file('native/base/clock.cc', 'clock_gettime(0, &t);'),
      file('test/a.test.ts', 'Math.random();'),
    ];
    expect(checkWords(wrong).map((finding) => finding.split(';')[0])).toEqual([
      'lib/core/a.ts:2: "Date.now" is banned',
      'lib/core/a.ts:3: "console.log" is banned',
      'native/loop/a.cc:1: "FIXME" is banned',
      'native/loop/a.cc:2: "clock_gettime" is banned',
      'test/a.test.ts:1: "Math.random" is banned',
    ]);
  });
});
