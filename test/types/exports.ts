// What every exported call gives in both lanes, and that no `any` leaks; tsc checks this file.
import {
  allTasks,
  asCompleted,
  Barrier,
  BoundedSemaphore,
  Broadcast,
  CancelScope,
  captureCallGraph,
  Channel,
  Condition,
  connectLoop,
  Context,
  ContextVar,
  copyContext,
  createConnection,
  createServer,
  currentTask,
  Event,
  EventLoop,
  failAfter,
  FIRST_COMPLETED,
  formatCallGraph,
  Future,
  getEventLoop,
  getRunningLoop,
  isFuture,
  isTask,
  LifoQueue,
  Lock,
  metricsSince,
  moveOnAfter,
  newEventLoop,
  openConnection,
  PriorityQueue,
  Protocol,
  Queue,
  retryErrors,
  run,
  runCoroutineThreadsafe,
  Runner,
  Semaphore,
  shareLoop,
  sleep,
  startMonitor,
  startServer,
  startTrace,
  StreamReader,
  StreamWriter,
  Task,
  TaskGroup,
  ThreadPoolExecutor,
  timeoutAt,
  Transport,
  wait,
} from 'oxbow';
import type {
  AbstractEventLoop,
  Coro,
  FutureCallGraph,
  Guard,
  Handle,
  LoopHandle,
  LoopMetrics,
  Monitor,
  Server,
  ThreadFuture,
  Timeout,
  TimerHandle,
  Token,
  Trace,
} from 'oxbow';
import { ClientSession, Response, serve } from 'oxbow/http';
import type { ClientResponse, HttpServer } from 'oxbow/http';
import { connectedPair, runVirtual } from 'oxbow/testing';

/** Compiles only when both types are the same, and none of them is `any`. */
function same<A>() {
  return <B>(
    _value: B & ([A, B] extends [B, A] ? (0 extends 1 & B ? never : unknown) : never),
  ): void => {};
}

class OwnLoop extends EventLoop {
  scheduled = 0;
}

declare const task: Task<number>;
declare const bytes: Buffer;

export function loops(): void {
  // Unless somebody says otherwise, a loop has all that `EventLoop` has.
  same<EventLoop>()(getRunningLoop());
  same<EventLoop>()(getEventLoop());
  same<EventLoop>()(newEventLoop({ driver: 'virtual' }));
  same<EventLoop>()(task.getLoop());
  same<EventLoop>()(new Runner().getLoop());
  same<EventLoop>()(new Runner({ debug: true }).getLoop());
  same<OwnLoop>()(getRunningLoop<OwnLoop>());
  same<OwnLoop>()(getEventLoop<OwnLoop>());
  same<OwnLoop>()(newEventLoop<OwnLoop>());
  same<OwnLoop>()(task.getLoop<OwnLoop>());
  const runner = new Runner({ loopFactory: () => new OwnLoop() });
  same<Runner<OwnLoop>>()(runner);
  same<number>()(runner.getLoop().scheduled);
  const plain: AbstractEventLoop = newEventLoop();
  same<Promise<void>>()(run(async () => {}, { loopFactory: () => plain }));
  same<Promise<void>>()(run(async () => {}, { loopFactory: () => new OwnLoop() }));
  // @ts-expect-error what is no loop
  getRunningLoop<Date>();
  const loop = getRunningLoop();
  same<Handle>()(loop.callSoon(() => {}));
  same<TimerHandle>()(loop.callLater('1s', () => {}));
  same<number>()(loop.time());
  same<Future<string>>()(loop.createFuture<string>());
  same<Task<number>>()(loop.createTask(async () => 5));
  same<Promise<number>>()(loop.runUntilComplete(task));
  same<LoopMetrics>()(metricsSince(loop.metrics(), loop.metrics()));
  same<Promise<string>>()(new Runner().run(async () => 'x'));
  same<Promise<string>>()(runVirtual(async () => 'x'));
  same<FutureCallGraph>()(captureCallGraph(task));
  same<FutureCallGraph | null>()(captureCallGraph());
  same<string>()(formatCallGraph(task));
}

export function* generatorLane(): Coro<void> {
  same<{ done: Set<Task<number>>; pending: Set<Task<number>> }>()(
    yield* wait([task], { returnWhen: FIRST_COMPLETED }),
  );
  for (const next of asCompleted([task])) same<number>()(yield* next);
  same<number>()(
    yield* timeoutAt(1, function* (scope) {
      same<Timeout>()(scope);
      return 1;
    }),
  );
  same<number | undefined>()(
    yield* moveOnAfter(1, function* (scope) {
      same<CancelScope>()(scope);
      return yield* task;
    }),
  );
  same<number>()(
    yield* failAfter(1, function* () {
      return yield* task;
    }),
  );
  same<number | undefined>()(
    yield* CancelScope.run({ deadline: 5 }, function* () {
      return yield* task;
    }),
  );
  same<number | undefined>()(
    yield* TaskGroup.run(function* (group) {
      same<Task<string>>()(group.createTask(async () => 'x'));
      same<string>()(
        yield* group.start(function* (ready: (value: string) => void) {
          ready('x');
        }),
      );
      return yield* task;
    }),
  );
  same<Guard>()(yield* new Lock().acquire());
  same<Guard>()(yield* new Semaphore(1).acquire());
  same<Guard>()(yield* new BoundedSemaphore(1).acquire());
  same<number>()(
    yield* new Lock().with(function* () {
      return yield* task;
    }),
  );
  same<true>()(yield* new Event().wait());
  same<true>()(yield* new Condition().wait());
  same<number>()(yield* new Barrier(2).wait());
  same<string>()(yield* new Queue<string>().get());
  same<string>()(yield* new LifoQueue<string>(5).get());
  const byLength = { compare: (a: string, b: string): number => a.length - b.length };
  same<string>()(yield* new PriorityQueue<string>(byLength).get());
  same<void>()(yield* new Queue<string>().put('x'));
  same<string>()(yield* new Channel<string>().receive());
  same<[StreamReader, StreamWriter]>()(yield* openConnection('localhost', 80));
  const [transport, protocol] = yield* createConnection(() => new Protocol(), 'localhost', 80);
  same<Transport>()(transport);
  same<Protocol>()(protocol);
  same<Server>()(yield* createServer(() => new Protocol(), 'localhost', 0));
  same<Server>()(
    yield* startServer(
      async (reader) => {
        same<Buffer>()(await reader.read());
      },
      'localhost',
      0,
    ),
  );
  const pair = yield* connectedPair(
    () => new Protocol(),
    () => new Protocol(),
  );
  same<Protocol>()(pair[0][1]);
  const remote = connectLoop<{ add(a: number, b: number): number }>('{}' as never);
  same<ThreadFuture<number>>()(remote.runCoroutineThreadsafe('add', 1, 2));
  same<number>()(yield* remote.runCoroutineThreadsafe('add', 1, 2));
  same<number>()(
    yield* getRunningLoop().runInExecutor(new ThreadPoolExecutor(), (n: number) => n, 1),
  );
  same<HttpServer>()(
    yield* serve({
      fetch: (request) => {
        same<string>()(request.path);
        return new Response(request.method);
      },
    }),
  );
  const response = yield* new ClientSession().get('/');
  same<ClientResponse>()(response);
  same<string>()(yield* response.text());
  same<number[]>()(yield* response.json<number[]>());
}

export async function asyncLane(): Promise<void> {
  same<Guard>()(await new Lock().acquire());
  same<number>()(await new Lock().with(async () => 5));
  same<string>()(await new Queue<string>().get());
  same<Buffer>()(await new StreamReader().readline());
  same<number>()(await failAfter(1, async () => 5));
  same<number>()(await run(async () => 5));
  same<ThreadFuture<number>>()(runCoroutineThreadsafe(async () => 5, getRunningLoop()));
  same<LoopHandle<{ add: (a: number) => number }>>()(shareLoop({ add: (a: number) => a }));
  same<Monitor>()(startMonitor());
  same<Trace>()(startTrace('trace.json'));
  for await (const item of new Broadcast<Date>().subscribe()) same<Date>()(item);
  same<void>()(await sleep(1));
}

export function contexts(given: unknown): void {
  const name = new ContextVar<string>('name');
  same<string>()(name.get());
  same<Token<string>>()(name.set('x'));
  same<Context>()(copyContext());
  same<number>()(copyContext().run(() => 5));
  same<Task<unknown> | null>()(currentTask());
  same<Set<Task<unknown>>>()(allTasks());
  same<readonly unknown[]>()(retryErrors(given));
  if (isFuture(given)) same<Future<unknown>>()(given);
  if (isTask(given)) same<Task<unknown>>()(given);
  same<string>()(bytes.toString());
}
