// captureCallGraph, formatCallGraph, printCallGraph.
import {
  asCompleted,
  captureCallGraph,
  Condition,
  createTask,
  currentTask,
  formatCallGraph,
  Future,
  gather,
  getRunningLoop,
  Lock,
  moveOnAfter,
  printCallGraph,
  Queue,
  RuntimeError,
  shield,
  sleep,
  Task,
  TaskGroup,
  timeout,
  wait,
  waitFor,
} from 'oxbow';
import type { Coro, FutureCallGraph } from 'oxbow';
import { runVirtual, VirtualLoop } from 'oxbow/testing';

import { thrown } from '../support/outcomes.ts';

/** A graph as nested names: `['leaf', [['main', []]]]`. */
type Names = [name: string, awaitedBy: Names[]];

function names({ future, awaitedBy }: FutureCallGraph): Names {
  const name = future instanceof Task ? future.getName() : 'future';
  return [name, awaitedBy.map(names)];
}

function functions({ callStack }: FutureCallGraph): string[] {
  return callStack.map((frame) => frame.functionName);
}

function* leafBody(): Coro<void> {
  yield* sleep(1);
}

/** Runs `waiter` as task 'waiter' on a task 'leaf', and gives the graph of the leaf. */
function graphOf(waiter: (leaf: Task<void>) => any): Promise<FutureCallGraph> {
  return runVirtual(function* () {
    const leaf = createTask(leafBody, { name: 'leaf' });
    const task = createTask(() => waiter(leaf), { name: 'waiter' });
    yield* sleep(0.5);
    const graph = captureCallGraph(leaf);
    yield* wait([task]);
    return graph;
  });
}

describe('who waits', () => {
  const ways: [name: string, waiter: (leaf: Task<void>) => any][] = [
    [
      'yield*',
      function* (leaf) {
        yield* leaf;
      },
    ],
    [
      'await',
      async (leaf) => {
        await leaf;
      },
    ],
    [
      'gather',
      function* (leaf) {
        yield* gather(leaf, sleep(0));
      },
    ],
    [
      'awaited gather',
      async (leaf) => {
        await gather(leaf, sleep(0));
      },
    ],
    [
      'Promise.all',
      async (leaf) => {
        await Promise.all([leaf, sleep(0)]);
      },
    ],
    [
      'wait',
      function* (leaf) {
        yield* wait([leaf]);
      },
    ],
    [
      'shield',
      function* (leaf) {
        yield* shield(leaf);
      },
    ],
    [
      'waitFor',
      function* (leaf) {
        yield* waitFor(leaf, 5);
      },
    ],
    [
      'timeout',
      function* (leaf) {
        yield* timeout(5, function* () {
          yield* leaf;
        });
      },
    ],
    [
      'moveOnAfter',
      function* (leaf) {
        yield* moveOnAfter(5, function* () {
          yield* leaf;
        });
      },
    ],
    [
      'asCompleted',
      function* (leaf) {
        for (const next of asCompleted([leaf])) yield* next;
      },
    ],
    [
      'for await of asCompleted',
      async (leaf) => {
        for await (const next of asCompleted([leaf])) expect(next).toBe(leaf);
      },
    ],
    [
      'all of them',
      function* (leaf) {
        yield* gather(shield(waitFor(gather(leaf), 5)));
      },
    ],
  ];

  test.each(ways)('through %s is the task itself', async (_name, waiter) => {
    expect(names(await graphOf(waiter))).toEqual(['leaf', [['waiter', []]]]);
  });

  test('each counts once, in the order in which they came', () =>
    runVirtual(function* () {
      const leaf = createTask(leafBody, { name: 'leaf' });
      const waiter = (name: string, body: () => any): Task<any> => createTask(body, { name });
      const tasks = [
        waiter('first', function* () {
          yield* gather(leaf, shield(leaf));
        }),
        waiter('second', function* () {
          yield* leaf;
        }),
        waiter('third', async () => {
          await wait([leaf]);
        }),
      ];
      yield* sleep(0.5);
      expect(names(captureCallGraph(leaf))).toEqual([
        'leaf',
        [
          ['first', []],
          ['second', []],
          ['third', []],
        ],
      ]);
      yield* wait(tasks);
    }));

  test('a task group stands for the task that runs it, before it waits too', () =>
    runVirtual(function* () {
      const seen: Names[] = [];
      const parent = createTask(
        function* () {
          yield* TaskGroup.run(function* (group) {
            const child = group.createTask(leafBody, { name: 'child' });
            const starting = group.start(function* (ready) {
              yield* sleep(0.1);
              ready(1);
            });
            seen.push(names(captureCallGraph(child)));
            yield* starting;
          });
        },
        { name: 'parent' },
      );
      yield* sleep(0.5);
      expect(seen).toEqual([['child', [['parent', []]]]]);
      yield* parent;
    }));

  test('the tasks that scopes make in the async lane are left out', () =>
    runVirtual(async () => {
      let child: Task<void>;
      const parent = createTask(
        async () => {
          await TaskGroup.run(async (group) => {
            child = group.createTask(leafBody, { name: 'child' });
          });
        },
        { name: 'parent' },
      );
      const other = createTask(
        async () => {
          await timeout(5, function* () {
            yield* parent;
          });
        },
        { name: 'other' },
      );
      await sleep(0.5);
      const graph = captureCallGraph(child!);
      expect(names(graph)[1][0]![0]).toBe('parent');
      // The generator body runs in the scope's task, so that one has something to show.
      const above = graph.awaitedBy[0]!.awaitedBy[0]!;
      expect(above.callStack.length).toBeGreaterThan(0);
      expect(names(above)[1]).toEqual([['other', []]]);
      await other;
    }));

  test('a future of the user has waiters as well', () =>
    runVirtual(function* () {
      const future = new Future<void>();
      createTask(
        function* () {
          yield* future;
        },
        { name: 'a' },
      );
      createTask(
        function* () {
          yield* gather(future);
        },
        { name: 'b' },
      );
      yield;
      expect(names(captureCallGraph(future))).toEqual([
        'future',
        [
          ['a', []],
          ['b', []],
        ],
      ]);
      expect(captureCallGraph(future).callStack).toEqual([]);
      future.setResult();
      expect(names(captureCallGraph(future))).toEqual(['future', []]);
    }));

  test('done callbacks and whoever is no task are nobody', () =>
    runVirtual(function* () {
      const future = new Future<void>();
      future.addDoneCallback(() => {});
      void future.then();
      gather(future);
      expect(names(captureCallGraph(future))).toEqual(['future', []]);
      future.setResult();
    }));

  test('chains go up to the end, and however long they are', () =>
    runVirtual(function* () {
      let last: Task<any> = createTask(leafBody, { name: 'leaf' });
      const leaf = last;
      for (let index = 0; index < 5000; index++) {
        const inner = last;
        last = createTask(
          function* () {
            yield* inner;
          },
          { name: 'link' },
        );
      }
      yield;
      let length = 0;
      for (
        let at: FutureCallGraph | undefined = captureCallGraph(leaf);
        at !== undefined;
        at = at.awaitedBy[0]
      )
        length++;
      expect(length).toBe(5001);
      expect(formatCallGraph(leaf, { limit: 0 }).split('\n').length).toBe(5001 + 5000);
      yield* last;
    }));

  test('many ways to the same waiter do not multiply', () =>
    runVirtual(function* () {
      let layer: Task<any>[] = [createTask(leafBody, { name: 'leaf' })];
      const leaf = layer[0]!;
      for (let depth = 0; depth < 30; depth++) {
        const below = layer;
        layer = [0, 1].map(() =>
          createTask(function* () {
            yield* wait(below);
          }),
        );
      }
      yield;
      expect(formatCallGraph(leaf).split('\n').length).toBeLessThan(1000);
      yield* wait(layer);
    }));

  test('a cycle is cut where it closes', () =>
    runVirtual(function* () {
      const a: Task<any> = createTask(
        function* () {
          yield* shield(b);
        },
        { name: 'a' },
      );
      const b: Task<any> = createTask(
        function* () {
          yield* shield(a);
        },
        { name: 'b' },
      );
      yield;
      yield;
      expect(names(captureCallGraph(a))).toEqual(['a', [['b', []]]]);
      expect(formatCallGraph(b)).toContain("Task(name='a'");
      a.cancel();
      b.cancel();
      yield* wait([a, b]);
    }));
});

describe('call stacks', () => {
  test('hold every coroutine between the task and its wait, innermost first', () =>
    runVirtual(function* () {
      const lock = new Lock();
      function* inner(queue: Queue<number>): Coro<number> {
        return yield* queue.get();
      }
      function* outer(queue: Queue<number>): Coro<number> {
        return yield* lock.with(function* locked() {
          return yield* inner(queue);
        });
      }
      const queue = new Queue<number>();
      const task = createTask(function* top() {
        return yield* outer(queue);
      });
      yield* sleep(0.5);
      const graph = captureCallGraph(task);
      expect(functions(graph)).toEqual(['inner', 'locked', 'outer', 'top']);
      for (const frame of graph.callStack) {
        expect(frame.file).toMatch(/call-graph\.test\.[jt]s$/);
        expect(frame.line).toBeGreaterThan(0);
        expect(frame.async).toBe(true);
      }
      queue.putNowait(7);
      // Also between the hand-over and the step that takes it; and nothing is taken by looking.
      expect(functions(captureCallGraph(task))).toEqual(['inner', 'locked', 'outer', 'top']);
      expect(yield* task).toBe(7);
    }));

  test('of the running task are those that are running', () =>
    runVirtual(function* () {
      function plain(): FutureCallGraph {
        return captureCallGraph()!;
      }
      function* inner(): Coro<FutureCallGraph> {
        return plain();
      }
      const graph = yield* createTask(function* outer() {
        yield;
        return yield* inner();
      });
      expect(functions(graph)).toEqual(['plain', 'inner', 'outer']);
      expect(graph.callStack.map((frame) => frame.async)).toEqual([false, true, true]);
    }));

  test('of a running async function as well', () =>
    runVirtual(async () => {
      async function inner(): Promise<FutureCallGraph> {
        await sleep(0.1);
        return captureCallGraph()!;
      }
      async function outer(): Promise<FutureCallGraph> {
        return await inner();
      }
      const graph = await createTask(outer);
      expect(functions(graph)).toEqual(['inner', 'outer']);
      expect(graph.future).not.toBe(currentTask());
    }));

  test('of a waiting async function: its name, and in debug mode all of it', async () => {
    async function inner(): Promise<void> {
      await sleep(1);
    }
    async function outer(): Promise<void> {
      await sleep(0.1);
      await inner();
    }
    const stackOf = (debug: boolean): Promise<FutureCallGraph> =>
      runVirtual(async () => {
        getRunningLoop().setDebug(debug);
        const task = createTask(outer);
        await sleep(0.5);
        return captureCallGraph(task);
      });
    const [known] = (await stackOf(false)).callStack;
    expect(known).toEqual({ functionName: 'outer', file: '', line: 0, column: 0, async: true });
    const graph = await stackOf(true);
    expect(functions(graph)).toEqual(['inner', 'outer']);
    expect(graph.callStack[0]!.file).toMatch(/call-graph\.test/);
  });

  test('limit keeps the outermost frames, a negative one the innermost, 0 none', () =>
    runVirtual(function* () {
      function* a(): Coro<void> {
        yield* sleep(1);
      }
      function* b(): Coro<void> {
        yield* a();
      }
      const task = createTask(function* c() {
        yield* b();
      });
      createTask(function* d() {
        yield* task;
      });
      yield* sleep(0.5);
      const withLimit = (limit: number | null): string[] =>
        functions(captureCallGraph(task, { limit }));
      expect(withLimit(2)).toEqual(['b', 'c']);
      expect(withLimit(-2)).toEqual(['a', 'b']);
      expect(withLimit(99)).toEqual(['a', 'b', 'c']);
      expect(withLimit(null)).toEqual(['a', 'b', 'c']);
      expect(withLimit(0)).toEqual([]);
      expect(captureCallGraph(task, { limit: 0 }).awaitedBy.length).toBe(1);
      yield* task;
    }));

  test('depth leaves out frames of the caller', () =>
    runVirtual(function* () {
      const helper = (depth: number): string[] => functions(captureCallGraph(null, { depth })!);
      yield* createTask(function* body() {
        yield;
        expect(helper(1)).toEqual(['helper', 'body']);
        expect(helper(2)).toEqual(['body']);
        expect(helper(9)).toEqual([]);
      });
    }));
});

describe('what it is asked', () => {
  test('without a task there is no graph, without a loop an error', async () => {
    expect(thrown(() => captureCallGraph())).toBeInstanceOf(RuntimeError);
    expect(thrown(() => formatCallGraph())).toBeInstanceOf(RuntimeError);
    const loop = new VirtualLoop();
    const seen: unknown[] = [];
    loop.callSoon(() => {
      seen.push(captureCallGraph(), formatCallGraph());
      printCallGraph(null, { file: { write: (text) => seen.push(text) } });
      loop.stop();
    });
    await loop.runForever();
    expect(seen).toEqual([null, '']);
    const future = loop.createFuture();
    expect(captureCallGraph(future).future).toBe(future);
    loop.close();
  });

  test('what is no future, and wrong options, are TypeErrors', () =>
    runVirtual(function* () {
      for (const call of [captureCallGraph, formatCallGraph, printCallGraph] as any[]) {
        expect(thrown(() => call({}))).toBeInstanceOf(TypeError);
        expect(thrown(() => call(currentTask(), { limit: 1.5 }))).toBeInstanceOf(TypeError);
        expect(thrown(() => call(currentTask(), { depth: 'x' }))).toBeInstanceOf(TypeError);
      }
      expect(thrown(() => printCallGraph(currentTask(), { file: {} as never })).message).toBe(
        'printCallGraph(): file has no write()',
      );
    }));

  test('the text has the format of Python', () =>
    runVirtual(function* () {
      const task = createTask(
        function* leaf() {
          yield* sleep(1);
        },
        { name: 'leaf' },
      );
      const waiter = createTask(
        async function waits() {
          await task;
        },
        { name: 'waiter' },
      );
      yield* sleep(0.5);
      expect(formatCallGraph(task)).toMatch(
        new RegExp(
          [
            "^\\* Task\\(name='leaf', id=0x[0-9a-f]+\\)",
            '  \\+ Call stack:',
            "  \\|   File '.*call-graph.test.[jt]s', line \\d+, in async leaf\\(\\)",
            '  \\+ Awaited by:',
            "    \\* Task\\(name='waiter', id=0x[0-9a-f]+\\)",
            '      \\+ Call stack:',
            '      \\|   in async waits\\(\\)$',
          ].join('\n'),
        ),
      );
      let written = '';
      printCallGraph(task, {
        file: {
          write: (text) => {
            written += text;
          },
        },
      });
      expect(written).toBe(`${formatCallGraph(task)}\n`);
      expect(formatCallGraph(new Future())).toMatch(/^\* Future\(id=0x[0-9a-f]+\)$/);
      yield* waiter;
    }));
});

/** Runs tasks that wait in all sorts of ways, and gives the order in which they ended. */
function orderOfEnds(look: (task: Task<any>) => void): Promise<string[]> {
  return runVirtual(function* () {
    const order: string[] = [];
    const condition = new Condition();
    const queue = new Queue<number>();
    const bodies: Record<string, () => any> = {
      *sleeps() {
        yield* sleep(0.2);
      },
      *yields() {
        for (let i = 0; i < 10; i++) yield;
      },
      *gets() {
        expect(yield* queue.get()).toBe(1);
      },
      *gathers() {
        yield* gather(sleep(0.3), sleep(0.1));
      },
      *cleans() {
        try {
          yield* sleep(5);
        } finally {
          yield* sleep(0.5);
        }
      },
      *moves() {
        yield* moveOnAfter(0.4, function* () {
          try {
            yield* sleep(9);
          } finally {
            yield* shield(sleep(0));
          }
        });
      },
      *notified() {
        yield* condition.with(function* () {
          yield* condition.wait();
        });
      },
      async awaits() {
        await sleep(0.35);
      },
    };
    const tasks = Object.entries(bodies).map(([name, body]) => createTask(body, { name }));
    for (const task of tasks) task.addDoneCallback(() => order.push(task.getName()));
    for (let round = 0; round < 70; round++) {
      tasks.forEach(look);
      if (round === 5) queue.putNowait(1);
      if (round === 12) tasks.find((task) => task.getName() === 'cleans')!.cancel();
      if (round === 20)
        yield* condition.with(function* () {
          condition.notify();
        });
      if (round % 3 === 0) yield;
      else yield* sleep(0.02);
    }
    yield* wait(tasks);
    return order;
  });
}

test('looking changes nothing, wherever tasks are', async () => {
  const unseen = await orderOfEnds(() => {});
  expect(unseen.length).toBe(8);
  expect(
    await orderOfEnds((task) => {
      formatCallGraph(task);
      task.getStack();
      String(task);
    }),
  ).toEqual(unseen);
});
