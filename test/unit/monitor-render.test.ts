// What `oxbow ps`, `pstree` and `top` print, of processes that are made up.
import { psLines } from '#lib/cli/ps.js';
import { pstreeLines } from '#lib/cli/pstree.js';
import { table } from '#lib/cli/table.js';
import {
  ASCII,
  columns,
  cutLeft,
  cutRight,
  duration,
  harmless,
  styleFor,
  UNICODE,
  widthOf,
  wrap,
} from '#lib/cli/text.js';
import { topLines } from '#lib/cli/top-lines.js';
import { EventLoop } from 'oxbow';
import type { ProcessInfo, TaskInfo, ThreadInfo } from '#lib/monitor/server/protocol.js';

const SCREEN = { width: 80, style: UNICODE };

const FRAME = {
  functionName: 'work',
  file: '/srv/app/src/deep/down/worker.js',
  line: 12,
  column: 3,
};

function task(id: number, awaitedBy: number[] = [], more: Partial<TaskInfo> = {}): TaskInfo {
  return {
    id,
    name: `Task-${id}`,
    state: 'waiting',
    lane: 'generator',
    coroutine: 'work',
    frames: [FRAME],
    waitsFor: 'sleep',
    awaitedBy,
    ...more,
  };
}

function thread(tasks: TaskInfo[], more: Partial<ThreadInfo> = {}): ThreadInfo {
  return {
    thread: 0,
    state: 'ok',
    callback: 'Task-1',
    inCallback: false,
    callbackSeconds: 1,
    stack: [],
    age: 0.001,
    durations: { buckets: [0, 4], sum: 1e-5, max: 5e-6 },
    slowest: [],
    loops: [
      {
        id: 1,
        driver: 'epoll',
        running: true,
        metrics: null,
        taskCount: tasks.length,
        tasks,
      },
    ],
    ...more,
  };
}

function info(...threads: ThreadInfo[]): ProcessInfo {
  return { pid: 4711, node: 'v24.1.0', script: '/srv/app/main.js', uptime: 75, threads };
}

describe('text', () => {
  test('what a terminal would act on is taken out', () => {
    expect(harmless('\x1b[31mred\x1b[0m')).toBe('red');
    expect(harmless('\x1b]0;title\x07x')).toBe('x');
    expect(harmless('a\r\n\tb\u2028c')).toBe('a b c');
    expect(harmless('\x00\x9b\x7f\u202ex\u200d')).toBe('x');
    expect(harmless('\ud83d!')).toBe('\ufffd!');
  });

  test('columns: wide characters take two, marks none', () => {
    expect(['abc', '名前', 'e\u0301', '👍', '', 'ｱ'].map(columns)).toEqual([3, 4, 1, 2, 0, 1]);
  });

  test('what is cut ends or begins with an ellipsis and never splits a character', () => {
    expect(cutRight('abcdef', 4, UNICODE)).toBe('abc…');
    expect(cutRight('名前名前', 4, UNICODE)).toBe('名…');
    expect(cutLeft('/a/b/c.js', 5, UNICODE)).toBe('…c.js');
    expect(cutLeft('/a/b/c.js', 5, ASCII)).toBe('~c.js');
    expect(cutRight('abc', 3, UNICODE)).toBe('abc');
    expect([cutRight('abc', 1, UNICODE), cutRight('abc', 0, UNICODE)]).toEqual(['…', '']);
  });

  test('durations', () => {
    const seconds = [0, 1.234e-6, 0.000_999_9, 0.0123, 0.9999, 59.9, 61, 3_700, 200_000, -1, NaN];
    expect(seconds.map((each) => duration(each, UNICODE))).toEqual([
      '0.00 µs',
      '1.23 µs',
      '1.00 ms',
      '12.3 ms',
      '1.00 s',
      '59.9 s',
      '1m 1s',
      '1h 1m',
      '2d 7h',
      '-',
      '-',
    ]);
    expect(duration(2e-6, ASCII)).toBe('2.00 us');
  });

  test('the style and the width are what the terminal says', () => {
    expect(styleFor({ LANG: 'en_US.UTF-8' }, false)).toBe(UNICODE);
    expect(styleFor({ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, false)).toBe(ASCII);
    expect(styleFor({ LC_CTYPE: 'C.utf8' }, false)).toBe(UNICODE);
    expect(styleFor({ LANG: 'en_US.UTF-8' }, true)).toBe(ASCII);
    expect(styleFor({}, false)).toBe(ASCII);
    expect([
      widthOf(120, {}),
      widthOf(undefined, {}),
      widthOf(undefined, { COLUMNS: '100' }),
      widthOf(undefined, { COLUMNS: 'x' }),
      widthOf(3, {}),
      widthOf(0, {}),
    ]).toEqual([120, Infinity, 100, Infinity, 40, 80]);
  });

  test('sentences are broken at spaces', () => {
    expect(wrap('one two three', 7, UNICODE)).toEqual(['one two', 'three']);
    expect(wrap('abcdefghij k', 5, UNICODE)).toEqual(['abcd…', 'k']);
  });
});

test('a table takes from its widest columns first, and keeps the least', () => {
  const layout = [
    { title: 'N', least: 1, right: true },
    { title: 'NAME', least: 4 },
    { title: 'PATH', least: 6, keepEnd: true },
  ];
  const rows = [
    ['1', 'short', '/a/very/long/path/file.js'],
    ['20', 'a-longer-name', 'x'],
  ];
  expect(table(layout, rows, 30, UNICODE)).toEqual([
    ' N  NAME         PATH',
    ' 1  short        …path/file.js',
    '20  a-longer-n…  x',
  ]);
  for (const width of [10, 12, 20, 60]) {
    for (const line of table(layout, rows, width, UNICODE)) {
      expect(columns(line)).toBeLessThanOrEqual(width);
    }
  }
});

describe('ps', () => {
  test('tasks with where they wait, what for, and who waits for them', () => {
    expect(
      psLines(info(thread([task(1), task(2, [1], { frames: [], lane: 'async' })])), SCREEN),
    ).toEqual([
      'PID 4711  Node 24.1.0  up 1m 15s  /srv/app/main.js',
      '',
      'Loop 1  epoll, main thread, running, 2 tasks',
      'ID  NAME    STATE  WHERE                                        AWAITED',
      ' 1  Task-1  sleep  /srv/app/src/deep/down/worker.js:12 in work',
      ' 2  Task-2  sleep  work                                         1',
    ]);
  });

  test('the state is what a task waits for, or why it does not', () => {
    const states = (
      [
        ['waiting', 'sleep'],
        ['waiting', ''],
        ['ready', 'sleep'],
        ['running', ''],
        ['new', ''],
        ['cancelling', 'Queue.get'],
        ['cancelling', ''],
      ] as const
    ).map(([state, waitsFor], at) => task(at + 1, [], { state, waitsFor, frames: [] }));
    expect(
      psLines(info(thread(states)), SCREEN)
        .slice(4)
        .map((line) => line.slice(12, 33).trim()),
    ).toEqual([
      'sleep',
      'waiting',
      'ready',
      'running',
      'new',
      'cancelling: Queue.get',
      'cancelling',
    ]);
  });

  test('where nothing ends a line, nothing is cut', () => {
    const functionName = 'aCoroutineWithARatherLongName'.repeat(4);
    const lines = psLines(
      info(thread([task(1, [], { name: 'n'.repeat(200), frames: [{ ...FRAME, functionName }] })])),
      { width: Infinity, style: UNICODE },
    );
    expect(lines.at(-1)).toContain(`worker.js:12 in ${functionName}`);
    expect(lines.at(-1)).toContain('n'.repeat(200));
    expect(pstreeLines(info(thread([task(1)])), { width: Infinity, style: UNICODE }).at(-2)).toBe(
      '└── Task-1 (waiting: sleep)',
    );
  });

  test('a thread that does not answer: why, where, and how old the rest is', () => {
    const busy = thread([task(1)], { state: 'busy', inCallback: true, stack: [FRAME] });
    expect(psLines(info(busy), SCREEN).slice(1, 5)).toEqual([
      'The main thread is busy with JavaScript and does not answer: it has been running',
      'Task-1 for 1.00 s.',
      '  at /srv/app/src/deep/down/worker.js:12 in work',
      '',
    ]);
    const blocked = thread([], { state: 'blocked', thread: 3, age: null, loops: [], callback: '' });
    expect(psLines(info(blocked), SCREEN).slice(1)).toEqual([
      'The worker thread 3 is blocked outside of JavaScript and does not answer: its',
      'loop has not run anything yet.',
      'It has never told its tasks.',
    ]);
    expect(psLines(info(thread([], { state: 'debugger', age: 12 })), SCREEN).slice(1, 4)).toEqual([
      'The main thread is in the hands of a debugger: its loop has run nothing for',
      '1.00 s; the last was Task-1.',
      'What follows is 12.0 s old.',
    ]);
  });

  test('tasks that did not fit into the answer are counted', () => {
    const few = thread([task(1)]);
    const many = { ...few, loops: [{ ...few.loops[0]!, taskCount: 10_001 }] };
    expect(psLines(info(many), SCREEN).at(-1)).toBe('and 10000 newer tasks');
  });
});

describe('pstree', () => {
  const tree = (...tasks: TaskInfo[]): string[] =>
    pstreeLines(info(thread(tasks)), { width: 80, style: ASCII }).slice(3);
  const bare = (id: number, awaitedBy: number[] = []): TaskInfo =>
    task(id, awaitedBy, { frames: [], waitsFor: '' });

  test('lines of the coroutines, then the tasks that are waited for', () => {
    expect(
      tree(
        task(1, [], { frames: [FRAME, { ...FRAME, functionName: 'main', line: 3 }] }),
        task(2, [1]),
        bare(3, [1]),
        bare(4),
      ),
    ).toEqual([
      '|-- Task-1 (waiting: sleep)',
      '|   |   /srv/app/src/deep/down/worker.js:3 in main',
      '|   |   /srv/app/src/deep/down/worker.js:12 in work',
      '|   |-- Task-2 (waiting: sleep)',
      '|   |       /srv/app/src/deep/down/worker.js:12 in work',
      '|   `-- Task-3 (waiting)',
      '`-- Task-4 (waiting)',
    ]);
  });

  test('a task that two wait for stands in the tree once', () => {
    expect(tree(bare(1), bare(2), bare(3, [1, 2]), bare(4, [3]))).toEqual([
      '|-- Task-1 (waiting)',
      '|   `-- Task-3 (waiting)',
      '|       `-- Task-4 (waiting)',
      '`-- Task-2 (waiting)',
      '    `-- Task-3 (see above)',
    ]);
  });

  test('circles end, also where no root leads to them', () => {
    expect(tree(bare(1, [2]), bare(2, [1]), bare(3, [3]))).toEqual([
      '`-- Task-1 (waiting)',
      '    `-- Task-2 (waiting)',
      '        `-- Task-1 (waits for itself: a circle)',
      '`-- Task-3 (waiting)',
      '    `-- Task-3 (waits for itself: a circle)',
    ]);
  });

  test('what stands too deep goes on further down, and 10,000 levels are no problem', () => {
    const chain = Array.from({ length: 10_000 }, (_, at) => bare(at + 1, at === 0 ? [] : [at]));
    const lines = tree(...chain);
    expect(lines.every((line) => columns(line) <= 80)).toBe(true);
    for (const { id } of chain) {
      expect(lines.filter((line) => line.endsWith(` Task-${id} (waiting)`))).toHaveLength(1);
      if (id > 30) break;
    }
    expect(lines[11]).toMatch(/^ {44}`-- Task-12 \(see below\)$/);
    expect(lines[12]).toBe('`-- Task-12 (waiting)');
  });

  test('one that waits for a task that is not listed is a root', () => {
    expect(tree(bare(1, [99]))).toEqual(['`-- Task-1 (waiting)']);
  });
});

test('top: figures since the start, then since the frame before', () => {
  using loop = new EventLoop();
  const zero = loop.metrics();
  const metrics = (count: number, seconds: number): typeof zero => ({
    ...zero,
    time: seconds,
    turns: count,
    events: 2 * count,
    callbacks: 10 * count,
    timeRunning: seconds / 4,
    timePolling: (seconds * 3) / 4,
    utilization: 0.25,
    tasks: 1,
  });
  const at = (count: number, seconds: number, buckets: number[]): ProcessInfo => {
    const main = thread([], {
      durations: { buckets, sum: 1, max: 0.5 },
      slowest: [{ what: 'slow()', seconds: 0.5, secondsAgo: 3 }],
    });
    const loops = [{ ...main.loops[0]!, metrics: metrics(count, seconds) }];
    return { ...info({ ...main, loops }), uptime: seconds };
  };
  const first = at(100, 10, [5, 0]);
  expect(topLines(first, null, SCREEN)).toEqual([
    'PID 4711  Node 24.1.0  up 10.0 s  /srv/app/main.js',
    '',
    'Loop 1  epoll, main thread, running, 0 tasks',
    '  busy   25.0 % ██████░░░░░░░░░░░░░░░░░░',
    '  10 turns/s   20 events/s   100 callbacks/s',
    '  0 ready   0 timers   0 handles   1 tasks',
    '',
    'Durations (main thread, since the start)',
    expect.stringMatching(/^ {22}COUNT +P50 +P90 +P99 +MAX$/),
    expect.stringMatching(/^ {2}callbacks +5 +\S+ [nµm]?s +\S+ [nµm]?s +\S+ [nµm]?s +\S+ m?s$/),
    expect.stringMatching(/^ {2}lateness of timers +0 +- +- +- +-$/),
    expect.stringMatching(/^ {2}turns +0 +- +- +- +-$/),
    '',
    'Slowest callbacks of the last minute',
    '    500 ms    3.00 s ago  slow()',
  ]);
  const second = topLines(at(300, 12, [5, 0]), first, SCREEN);
  expect(second[4]).toBe('  100 turns/s   200 events/s   1000 callbacks/s');
  expect(second[7]).toBe('Durations (main thread, last 2.00 s)');
  expect(second[9]).toMatch(/^ {2}callbacks +0 +- +- +- +-$/);
});
