// `console.log` of everything public is one short line with the name of its class: of every class
// that is exported (types/ says which), and of what public calls give.
import { AsyncResource } from 'node:async_hooks';
import { openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import * as oxbow from 'oxbow';
import {
  asCompleted,
  Barrier,
  BoundedSemaphore,
  Broadcast,
  BufferedProtocol,
  CancelScope,
  captureCallGraph,
  CapacityLimiter,
  Channel,
  Condition,
  connectLoop,
  connectQueue,
  ContextVar,
  copyContext,
  createConnection,
  createServer,
  createSubprocessExec,
  createTask,
  currentTask,
  DatagramProtocol,
  DnsCache,
  Event,
  forEach,
  Future,
  gather,
  getRunningLoop,
  interval,
  LifoQueue,
  Lock,
  newEventLoop,
  openConnection,
  openFile,
  openDatagram,
  PriorityQueue,
  ProcessPoolExecutor,
  promise,
  Protocol,
  Queue,
  retry,
  RLock,
  run,
  runCoroutineThreadsafe,
  Runner,
  Semaphore,
  shareLoop,
  shareQueue,
  shield,
  signals,
  sleep,
  Socket,
  startMonitor,
  startServer,
  startTrace,
  TaskGroup,
  ThreadPoolExecutor,
  TlsContext,
  timeout,
  toThread,
  wait,
  waitFor,
  Watch,
  StreamReader,
  SubprocessProtocol,
} from 'oxbow';
import * as http from 'oxbow/http';
import {
  ClientSession,
  Connector,
  TraceConfig,
  ClientTimeout,
  connectWebSocket,
  CookieJar,
  DummyCookieJar,
  Headers,
  Response,
  serve,
  staticFiles,
  WebSocket,
  websocket,
} from 'oxbow/http';
import { WorkerServer } from 'oxbow/http';
import { toNodeStream } from 'oxbow/node';
import * as testing from 'oxbow/testing';
import { connectedHttp, testClient, VirtualLoop } from 'oxbow/testing';

import { classesOf } from '../support/declarations.ts';

type Make = () => unknown;

const forever = (): Future => new Future();
function* job() {
  yield* sleep(1);
}

/** Things by what they are; the name of the class is what stands before `:`. */
const MADE: Record<string, Make> = {
  EventLoop: () => getRunningLoop(),
  'EventLoop: closed': () => closed(newEventLoop()),
  VirtualLoop: () => closed(new VirtualLoop()),
  VirtualNetwork: () => closed(new VirtualLoop()).network,
  Runner: () => new Runner(),
  Context: () => copyContext(),
  ContextVar: () => new ContextVar('name'),
  Token: () => new ContextVar('name').set(1),
  Handle: () => getRunningLoop().callSoon(function work() {}),
  TimerHandle: () => {
    const timer = getRunningLoop().callLater(9, job);
    timer.cancel();
    return timer;
  },
  Future: forever,
  'Future: done': () => {
    const future = forever();
    future.setResult({ big: [1, 2, 3] });
    return { it: future };
  },
  'Future: failed': () => {
    const future = forever();
    future.setException(new Error('of\nseveral\nlines'));
    future.exception();
    return { it: future };
  },
  Task: () => createTask(job),
  'Task: running': () => currentTask(),

  Sleep: () => sleep(1),
  Gather: () => gather([forever()]),
  Wait: () => wait([forever()]),
  WaitFor: () => waitFor(forever(), 1),
  Shield: () => shield(forever()),
  AsCompleted: () => asCompleted([forever()]),
  'PromiseFuture: promise()': () => promise(new Promise(() => {})),
  'ExecutorFuture: toThread()': () => toThread(() => 1),
  TaskGroup: () => within(TaskGroup.run.bind(TaskGroup)),
  Timeout: () => within((body: any) => timeout(9, body)),
  CancelScope: () => within((body: any) => CancelScope.run({ deadline: 1e6, shield: true }, body)),
  'ScopeRun: timeout()': () => timeout(1, job),
  'ScopeRun: retry()': () => retry(job),
  'ScopeRun: forEach()': () => forEach([], job),

  ThreadPoolExecutor: () => new ThreadPoolExecutor(),
  TlsContext: () => new TlsContext(),
  LoopHandle: () => shared((handle) => handle),
  RemoteLoop: () => shared((handle) => connectLoop(handle)),
  RemoteHandle: () => shared((handle) => connectLoop(handle).callSoonThreadsafe('add', 1, 2)),
  ThreadFuture: () => shared((handle) => connectLoop(handle).runCoroutineThreadsafe('add', 1, 2)),
  'ThreadFuture: here': () => runCoroutineThreadsafe(job, getRunningLoop()),

  FutureCallGraph: () => captureCallGraph(),
  Monitor: () => closed(startMonitor()),
  Trace: () => {
    const trace = startTrace(traceFile());
    trace.stop();
    return trace;
  },
  TraceSummary: () => startTrace(traceFile()).stop(),

  AsyncFile: async () => {
    const file = await openFile(process.execPath);
    await file.close();
    return file;
  },
  ProcessPoolExecutor: () => new ProcessPoolExecutor(),
  RemoteQueue: () => {
    using handle = shareQueue(new Queue());
    return connectQueue(handle);
  },
  RLock: () => new RLock(),
  Socket: () => closed(new Socket()),
  Lines: () => new StreamReader().lines(),

  Barrier: () => new Barrier(2),
  'Arrival: barrier.wait()': () => new Barrier(2).wait(),
  Semaphore: () => new Semaphore(),
  BoundedSemaphore: () => new BoundedSemaphore(),
  CapacityLimiter: () => new CapacityLimiter(1),
  Condition: () => new Condition(),
  Event: () => new Event(),
  Lock: () => new Lock(),
  Guard: async () => await new Lock().acquire(),
  LockAcquire: () => {
    const lock = new Lock();
    lock.acquire();
    return lock.acquire();
  },
  Queue: () => new Queue(),
  'Queue: full of things': () => {
    const queue = new Queue();
    for (let n = 0; n < 100; n++) queue.putNowait({ n });
    return queue;
  },
  LifoQueue: () => new LifoQueue(),
  PriorityQueue: () => new PriorityQueue(),
  'Get: queue.get()': () => new Queue().get(),
  Channel: () => new Channel(),
  Sender: () => new Channel().sender(),
  Broadcast: () => new Broadcast(),
  BroadcastReceiver: () => new Broadcast().subscribe(),
  Watch: () => new Watch({ a: ['large', 'value'] }),
  WatchReceiver: () => new Watch(1).subscribe(),
  Interval: () => interval(1),

  Server: () => withServer((server) => server),
  'TransportSocket: of a server': () => withServer((server) => server.sockets[0]),
  Transport: () =>
    withServer(async (server) => {
      const [host, port] = server.sockets[0].getsockname();
      const [transport] = await createConnection(() => new Protocol(), host, port);
      transport.close();
      return transport;
    }),
  TransportStream: async () => {
    const [[transport]] = await testing.connectedPair(
      () => new Protocol(),
      () => new Protocol(),
    );
    return toNodeStream(transport);
  },
  ReadTransport: async () => {
    const pipe = openSync('/dev/null', 'r');
    return (await getRunningLoop().connectReadPipe(() => new Protocol(), pipe))[0];
  },
  WriteTransport: async () => {
    const pipe = openSync('/dev/null', 'w');
    const [transport] = await getRunningLoop().connectWritePipe(() => new Protocol(), pipe);
    transport.close();
    return transport;
  },
  Process: async () => await createSubprocessExec('true'),
  SubprocessTransport: async () =>
    (await getRunningLoop().subprocessExec(() => new SubprocessProtocol(), 'true'))[0],
  SubprocessProtocol: () => new SubprocessProtocol(),
  SignalSource: () => closed(signals('SIGUSR2')),
  DnsCache: () => new DnsCache(),
  'Lookup: getaddrinfo()': () => ({ it: getRunningLoop().getaddrinfo('localhost', 1) }),
  DatagramEndpoint: () => withEndpoint((endpoint) => endpoint),
  DatagramTransport: () => withEndpoint((endpoint) => endpoint.transport),
  DatagramSocket: () => withEndpoint((endpoint) => endpoint.socket),
  'Receive: endpoint.receive()': () => withEndpoint((endpoint) => endpoint.receive()),
  DatagramProtocol: () => new DatagramProtocol(),
  Protocol: () => new Protocol(),
  BufferedProtocol: () => new BufferedProtocol(),
  StreamReader: () => withStreams(([reader]) => reader),
  StreamWriter: () => withStreams(([, writer]) => writer),
  'ReadRequest: reader.read()': () => ({ it: new StreamReader().read(1) }),

  HttpServer: () => served((_request, server) => server),
  WorkerServer: () =>
    new (WorkerServer as any)(getRunningLoop(), {
      program: '',
      count: 0,
      sockets: [],
      scheme: 'http',
      hostname: undefined,
      clean: () => {},
    }),
  Request: () => served((request) => request),
  'Headers: received by a server': () => served((request) => request.headers),
  IncomingBody: () => served((request) => request.body),
  Response: () => new Response('text'),
  ContextKey: () => new http.ContextKey('user'),
  BodyWriter: async () => {
    let text = '';
    const server = await serve({
      fetch: () => Response.stream((writer) => void (text = inspect(writer))),
    });
    await using session = new ClientSession();
    await (await session.get(server.url)).text();
    server.close();
    return { text };
  },
  'RouteKind: staticFiles()': () => staticFiles('.'),
  Headers: () => new Headers({ a: 'b' }),
  WebSocketConnection: () => withSocket((url) => connectWebSocket(url)),
  WebSocketRoute: () => websocket({ message: () => {} }),
  WebSocket: () => withSocket((url) => new WebSocket(url.replace('http', 'ws'))),
  ClientSession: () => new ClientSession(),
  ClientTimeout: () => new ClientTimeout(),
  CookieJar: () => new CookieJar(),
  DummyCookieJar: () => new DummyCookieJar(),
  ClientResponse: () => answered((response) => response),
  ResponseBody: () => answered((response) => response.body),
  ResponseLines: () => answered((response) => response.readLines()),
  Connector: () => new Connector(),
  EventFeed: async () => {
    await using session = new ClientSession();
    return { it: session.sse('http://127.0.0.1:9/') };
  },
  TraceConfig: () => new TraceConfig({ onRequestEnd: () => {} }),
  EventStream: () => answered((response) => response.sse()),
  ConnectedHttp: async () => {
    const pair = await connectedHttp(() => new Response('x'));
    const text = inspect(pair);
    await pair.close();
    return { text };
  },
  TestClient: () => outside(() => testClient(() => new Response('x'))),
  TestResponse: () =>
    outside(async () => {
      await using client = testClient(() => new Response('x'));
      return { text: inspect(await client.get('/')) };
    }),
  'Headers: received by a client': () => answered((response) => response.headers),
};

const root = new AsyncResource('outside');

/** Runs something that is for outside of any loop. */
function outside(make: () => unknown): Promise<unknown> {
  return new Promise((resolve) => {
    setImmediate(() => root.runInAsyncScope(() => resolve(make())));
  });
}

function closed<T extends { close(): void }>(it: T): T {
  it.close();
  return it;
}

let traces = 0;
function traceFile(): string {
  return join(tmpdir(), `oxbow-inspect-${process.pid}-${++traces}.json`);
}

async function within(scope: (body: (scope: unknown) => Promise<void>) => any): Promise<unknown> {
  let text = '';
  await scope(async (it) => {
    text = inspect(it);
  });
  return { text };
}

async function shared(make: (handle: any) => unknown): Promise<unknown> {
  const handle = shareLoop({ add: (a: number, b: number) => a + b });
  const text = inspect(make(handle));
  await sleep(0);
  handle.close();
  return { text };
}

async function withEndpoint(make: (endpoint: any) => unknown): Promise<unknown> {
  const endpoint = await openDatagram({ localAddr: ['127.0.0.1', 0] });
  const text = inspect(make(endpoint));
  endpoint.close();
  return { text };
}

async function withServer(make: (server: any) => unknown): Promise<unknown> {
  const server = await createServer(() => new Protocol(), '127.0.0.1', 0);
  const text = inspect(await make(server));
  server.close();
  return { text };
}

async function withStreams(make: (streams: any) => unknown): Promise<unknown> {
  const server = await startServer(
    async (_reader, writer) => {
      writer.close();
    },
    '127.0.0.1',
    0,
  );
  const [host, port] = server.sockets[0]!.getsockname() as [string, number];
  const streams = await openConnection(host, port);
  const text = textOf(make(streams));
  streams[1].close();
  server.close();
  return { text };
}

/** What a handler sees. */
async function served(make: (request: any, server: any) => unknown): Promise<unknown> {
  let text = '';
  const server = await serve({
    fetch: (request) => {
      text = inspect(make(request, server));
      return new Response('x');
    },
  });
  await using session = new ClientSession();
  await (await session.get(server.url)).text();
  server.close();
  return { text };
}

/** With a server of WebSockets. */
async function withSocket(make: (url: string) => unknown): Promise<unknown> {
  const server = await serve({ routes: { '/': websocket({}) } });
  const text = inspect(await make(server.url));
  server.close();
  await server.waitClosed();
  return { text };
}

/** What a client gets. */
async function answered(make: (response: any) => unknown): Promise<unknown> {
  const headers = { 'content-type': 'text/event-stream' };
  const server = await serve({ fetch: () => new Response('x', { headers }) });
  await using session = new ClientSession();
  const response = await session.get(server.url);
  const text = inspect(make(response));
  await response.text();
  server.close();
  return { text };
}

/** Awaitables must not be awaited on the way here, so those come in `{ it }`. */
function textOf(made: unknown): string {
  const box = made as { text?: string; it?: unknown } | null;
  if (typeof box?.text === 'string' && Object.keys(box).length === 1) return box.text;
  return inspect(typeof box === 'object' && box !== null && 'it' in box ? box.it : made);
}

test.each(Object.entries(MADE))('%s', (name, make) =>
  run(async () => {
    getRunningLoop().setExceptionHandler(() => {});
    const made = make();
    const text = textOf(made instanceof Promise ? await made : made);
    expect(text).toContain(name.split(':')[0]);
    expect(text).not.toContain('\n');
    expect(text.length).toBeLessThan(120);
    expect(text).not.toMatch(/\b_\w+/);
  }),
);

test('what is long is shortened: folders first, then the end', () =>
  run(async () => {
    const task = createTask(function* aNameThatSaysALot() {
      yield* sleep(1);
    });
    await sleep(0);
    const folder = 'folder/'.repeat(20);
    task.toString = () =>
      `<Task coro=<work() running at /srv/${folder}main.mjs:7> wait_for=<Sleep>>`;
    expect(inspect(task)).toBe('<Task coro=<work() running at …/main.mjs:7> wait_for=<Sleep>>');
    task.setName('n'.repeat(500));
    Reflect.deleteProperty(task, 'toString');
    expect(inspect(task)).toMatch(/^<Task pending name='n+…$/);
    expect(inspect(task)).toHaveLength(119);
  }));

test('every exported class stands here; errors print as errors do', () => {
  const classes = (['index', 'http', 'testing', 'node'] as const).flatMap(classesOf);
  const all: Record<string, unknown> = { ...oxbow, ...http, ...testing };
  const isError = (name: string): boolean => {
    const made = all[name];
    return typeof made === 'function' && made.prototype instanceof Error;
  };
  const abstract = ['AbstractEventLoop', 'BaseProtocol'];
  const shown = new Set([...Object.keys(MADE).map((name) => name.split(':')[0]!), ...abstract]);
  expect(classes.filter((name) => !isError(name) && !shown.has(name))).toEqual([]);
});
