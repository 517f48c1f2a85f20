// Every exported function, constructor and method that takes options, as types/ declares them: an
// option of another name is refused (a `tls` that is ignored sends secrets in clear), and so are
// options that are none, and values that an option cannot have. What is exported one day and not
// written down in CALLS fails the first test.
import { PassThrough } from 'node:stream';

import {
  activatedSockets,
  Barrier,
  cancelAndWait,
  Broadcast,
  CancelScope,
  CapacityLimiter,
  captureCallGraph,
  Channel,
  Condition,
  connectLoop,
  connectQueue,
  ContextVar,
  createConnection,
  createDatagramEndpoint,
  createServer,
  createSubprocessExec,
  createSubprocessShell,
  createUnixConnection,
  createUnixServer,
  openUnixConnection,
  startUnixServer,
  createTask,
  DnsCache,
  currentTask,
  eagerTaskFactory,
  ensureFuture,
  Event,
  EventLoop,
  forEach,
  formatCallGraph,
  Future,
  gather,
  getRunningLoop,
  interval,
  LifoQueue,
  Lock,
  newEventLoop,
  openConnection,
  openFile,
  openStderr,
  openStdin,
  openStdout,
  openDatagram,
  printCallGraph,
  PriorityQueue,
  ProcessPoolExecutor,
  promise,
  Queue,
  retry,
  RLock,
  run,
  runCoroutineThreadsafe,
  Runner,
  runSync,
  Semaphore,
  shareLoop,
  shareQueue,
  shield,
  signals,
  sleep,
  Socket,
  startServer,
  startTrace,
  StreamReader,
  Protocol,
  SubprocessProtocol,
  Task,
  TaskGroup,
  toProcess,
  toThread,
  ThreadPoolExecutor,
  TlsContext,
  wait,
  waitFor,
  Watch,
  asCompleted,
} from 'oxbow';
import type { AsyncFile, RemoteQueue } from 'oxbow';
import type { DatagramEndpoint, Server, StreamWriter } from 'oxbow';
import {
  ClientSession,
  ClientTimeout,
  connectWebSocket,
  CookieJar,
  digestAuth,
  Response,
  retryRequests,
  serve,
  Connector,
  staticFiles,
  TraceConfig,
  websocket,
} from 'oxbow/http';
import {
  accessLog,
  compression,
  ContextKey,
  cors,
  etag,
  group,
  rateLimit,
  requestId,
  securityHeaders,
} from 'oxbow/http';
import { handOver, toNodeHandler, WorkerServer } from 'oxbow/http';
import type { ClientResponse } from 'oxbow/http';
import type { Process, SignalSource } from 'oxbow';
import { fromNodeStream, toNodeStream } from 'oxbow/node';
import { connectedPair, runVirtual, testClient, VirtualLoop } from 'oxbow/testing';

import { optionsOf, signaturesOf } from '../support/declarations.ts';
import type { Parameter } from '../support/declarations.ts';

type Call = (options: any) => unknown;

function* job() {
  yield* sleep(1);
}
const future = (): Future => new Future();
const protocol = (): any => ({});
const plain = (): number => 1;
const URL_NOWHERE = 'http://127.0.0.1:1/';

function inOwnLoop(call: Call): Call {
  return async (options) => {
    // `run` and its like are for where no loop is running.
    await new Promise((resolve) => setImmediate(resolve));
    return await call(options);
  };
}

/** All that a file does takes `{ signal }`. */
const FILE_CALLS: [string, (file: AsyncFile, options: any) => PromiseLike<unknown>][] = [
  ['read', (file, options) => file.read(1, options)],
  ['readInto', (file, options) => file.readInto(Buffer.alloc(1), options)],
  ['readText', (file, options) => file.readText(options)],
  ['readline', (file, options) => file.readline(options)],
  ['readlines', (file, options) => file.readlines(options)],
  ['write', (file, options) => file.write('', options)],
  ['writelines', (file, options) => file.writelines([], options)],
  ['seek', (file, options) => file.seek(0, 'start', options)],
  ['truncate', (file, options) => file.truncate(0, options)],
  ['sync', (file, options) => file.sync(options)],
];

/** Its loop is closed, which no call finds out before it has looked at its options. */
let file: AsyncFile;

beforeAll(() =>
  run(async () => {
    file = await openFile(process.execPath);
  }),
);

afterAll(() => void file.close());
function withSocket(
  call: (loop: EventLoop, socket: Socket, options: any) => Future<any>,
  family: 4 | 'unix' = 4,
): Call {
  return async (options) => {
    const socket = new Socket({ family, type: 'datagram' });
    try {
      const future = call(getRunningLoop(), socket, options);
      socket.close();
      return await future;
    } finally {
      socket.close();
    }
  };
}

function withStream(call: (loop: EventLoop, socket: Socket, options: any) => Future<any>): Call {
  return async (options) => {
    const [socket, peer] = Socket.pair();
    peer.close();
    try {
      const future = call(getRunningLoop(), socket, options);
      socket.close();
      return await future;
    } finally {
      socket.close();
    }
  };
}

async function withClosed(call: (server: Server) => unknown): Promise<unknown> {
  const server = await createServer(protocol, '127.0.0.1', 0);
  try {
    return await call(server);
  } finally {
    server.close();
  }
}

/** Streams that are open, of a pair of sockets. */
async function withStreams(
  call: (reader: StreamReader, writer: StreamWriter) => unknown,
): Promise<unknown> {
  const [sock, peer] = Socket.pair();
  const [reader, writer] = await openConnection(null, null, { sock });
  try {
    return await call(reader, writer);
  } finally {
    writer.transport.abort();
    peer.close();
  }
}

function withVirtualLoop(call: (loop: VirtualLoop) => void): void {
  const loop = new VirtualLoop();
  try {
    call(loop);
  } finally {
    loop.close();
  }
}

const CALLS: Record<string, Call> = {
  'AbstractEventLoop.createTask': (options) => getRunningLoop().createTask(job, options),
  'EventLoop.createConnection': (options) =>
    getRunningLoop().createConnection(protocol, '127.0.0.1', 1, options),
  'EventLoop.createUnixServer': (options) =>
    getRunningLoop().createUnixServer(protocol, '/nowhere/at all', options),
  'EventLoop.createUnixConnection': (options) =>
    getRunningLoop().createUnixConnection(protocol, '/nowhere', options),
  'EventLoop.connectReadPipe': (options) => getRunningLoop().connectReadPipe(protocol, 0, options),
  'EventLoop.connectWritePipe': (options) =>
    getRunningLoop().connectWritePipe(protocol, 1, options),
  'EventLoop.createDatagramEndpoint': (options) =>
    getRunningLoop().createDatagramEndpoint(protocol, options),
  'EventLoop.createServer': (options) =>
    getRunningLoop().createServer(protocol, '127.0.0.1', 0, options),
  'EventLoop.getnameinfo': (options) => getRunningLoop().getnameinfo(['127.0.0.1', 1], options),
  'new DnsCache': (options) => new DnsCache(options),
  'EventLoop.getaddrinfo': (options) => getRunningLoop().getaddrinfo('127.0.0.1', 1, options),
  'new EventLoop': (options) => new EventLoop(options).close(),
  newEventLoop: (options) => newEventLoop(options).close(),
  'new VirtualLoop': (options) => new VirtualLoop(options).close(),
  'VirtualNetwork.setDefault': (options) =>
    withVirtualLoop((loop) => loop.network.setDefault(options)),
  'VirtualNetwork.setLink': (options) =>
    withVirtualLoop((loop) => loop.network.setLink('10.0.0.1', null, options)),
  runVirtual: inOwnLoop((options) => runVirtual(plain as never, options)),
  run: inOwnLoop((options) => run(job, options)),
  runSync: inOwnLoop((options) => runSync(job, options)),
  'new Runner': (options) => new Runner(options),
  'Runner.run': inOwnLoop((options) => new Runner().run(job, options)),
  'Runner.runSync': inOwnLoop((options) => new Runner().runSync(job, options)),

  'new ContextVar': (options) => new ContextVar('name', options),
  'new Future': (options) => new Future(options),
  'new Task': (options) => new Task(job, options),
  'Task.getStack': (options) => currentTask()!.getStack(options),
  'Task.printStack': (options) => currentTask()!.printStack(options),
  ensureFuture: (options) => ensureFuture(job, options),
  eagerTaskFactory: (options) => eagerTaskFactory(getRunningLoop(), job, options),

  openFile: (options) => openFile('/nowhere', options),
  ...Object.fromEntries(
    FILE_CALLS.map(([name, call]) => [`AsyncFile.${name}`, (options: any) => call(file, options)]),
  ),

  asCompleted: (options) => asCompleted([future()], options),
  cancelAndWait: (options) => cancelAndWait(future(), options),
  'static CancelScope.run': (options) => CancelScope.run(options, job),
  createTask: (options) => createTask(job, options),
  forEach: (options) => forEach([1], job, options),
  gather: (options) => gather([future()], options),
  promise: (options) => promise(new Promise(() => {}), options),
  retry: (options) => retry(job, options),
  shield: (options) => shield(future(), options),
  sleep: (options) => sleep(1, 1, options),
  'static TaskGroup.run': (options) => TaskGroup.run(options, job),
  'TaskGroup.createTask': (options) => inGroup((group) => group.createTask(job, options)),
  'TaskGroup.start': (options) => inGroup((group) => group.start(job, options)),
  wait: (options) => wait([future()], options),
  waitFor: (options) => waitFor(future(), 1, options),

  'new ThreadPoolExecutor': (options) => new ThreadPoolExecutor(options),
  'ThreadPoolExecutor.submit': (options) => new ThreadPoolExecutor().submit(plain, [], options),
  'ThreadPoolExecutor.shutdown': (options) => new ThreadPoolExecutor().shutdown(options),
  'new ProcessPoolExecutor': (options) => new ProcessPoolExecutor(options),
  'ProcessPoolExecutor.submit': (options) => new ProcessPoolExecutor().submit(plain, [], options),
  'ProcessPoolExecutor.shutdown': (options) => new ProcessPoolExecutor().shutdown(options),
  'RemoteQueue.get': (options) => inRemoteQueue((queue) => queue.get(options)),
  'RemoteQueue.put': (options) => inRemoteQueue((queue) => queue.put(1, options)),
  'RemoteLoop.with': (options) => {
    using handle = shareLoop({ plain });
    return connectLoop(handle).with(options);
  },
  runCoroutineThreadsafe: (options) => runCoroutineThreadsafe(job, getRunningLoop(), options),

  'new TlsContext': (options) => new TlsContext(options),
  'TlsContext.update': (options) => new TlsContext().update(options),

  captureCallGraph: (options) => captureCallGraph(null, options),
  formatCallGraph: (options) => formatCallGraph(null, options),
  printCallGraph: (options) => printCallGraph(null, options),
  startTrace: (options) => startTrace('/nowhere/trace.json', options),

  'new Barrier': (options) => new Barrier(options),
  'Barrier.wait': (options) => new Barrier(2).wait(options),
  'new Broadcast': (options) => new Broadcast(options),
  'Broadcast.subscribe': (options) => new Broadcast().subscribe(options),
  'Broadcast.send': (options) => new Broadcast().send(1, options),
  'BroadcastReceiver.receive': (options) => new Broadcast().subscribe().receive(options),
  'BroadcastReceiver.next': (options) => new Broadcast().subscribe().next(options),
  'new CapacityLimiter': (options) => new CapacityLimiter(options),
  'CapacityLimiter.acquire': (options) => new CapacityLimiter(1).acquire(options),
  'CapacityLimiter.acquireOnBehalfOf': (options) =>
    new CapacityLimiter(1).acquireOnBehalfOf({}, options),
  'new Channel': (options) => new Channel(options),
  'Channel.receive': (options) => new Channel().receive(options),
  'Channel.next': (options) => new Channel().next(options),
  'Sender.send': (options) => new Channel().sender().send(1, options),
  'Condition.acquire': (options) => new Condition().acquire(options),
  'Condition.wait': (options) => inCondition((condition) => condition.wait(options)),
  'Condition.waitFor': (options) =>
    inCondition((condition) => condition.waitFor(() => false, options)),
  'Event.wait': (options) => new Event().wait(options),
  interval: (options) => interval(1, options),
  'new Queue': (options) => new Queue(options),
  'new LifoQueue': (options) => new LifoQueue(options),
  'new PriorityQueue': (options) => new PriorityQueue(options),
  'Queue.put': (options) => new Queue().put(1, options),
  'Queue.get': (options) => new Queue().get(options),
  'Queue.next': (options) => new Queue().next(options),
  'Queue.join': (options) => new Queue().join(options),
  'RLock.acquire': (options) => new RLock().acquire(options),
  'Lock.acquire': (options) => new Lock().acquire(options),
  'new Semaphore': (options) => new Semaphore(options),
  'Semaphore.acquire': (options) => new Semaphore().acquire(options),
  'Watch.changed': (options) => new Watch(1).changed(options),
  'Watch.subscribe': (options) => new Watch(1).subscribe(options),
  'WatchReceiver.changed': (options) => new Watch(1).subscribe().changed(options),
  'WatchReceiver.next': (options) => new Watch(1).subscribe().next(options),

  createConnection: (options) => createConnection(protocol, '127.0.0.1', 1, options),
  createUnixConnection: (options) => createUnixConnection(protocol, '/nowhere', options),
  createUnixServer: (options) => createUnixServer(protocol, '/nowhere/at all', options),
  openUnixConnection: (options) => openUnixConnection('/nowhere', options),
  startUnixServer: (options) => startUnixServer(job, '/nowhere/at all', options),
  createDatagramEndpoint: (options) => createDatagramEndpoint(protocol, options),
  openDatagram: (options) => openDatagram(options),
  openStdin: (options) => openStdin(options),
  openStdout: (options) => openStdout(options),
  openStderr: (options) => openStderr(options),
  'DatagramEndpoint.drain': (options) => withEndpoint((end) => end.drain(options)),
  'DatagramEndpoint.receive': (options) => withEndpoint((end) => end.receive(options)),
  'DatagramEndpoint.next': (options) => withEndpoint((end) => end.next(options)),
  'DatagramEndpoint.waitClosed': (options) => withEndpoint((end) => end.waitClosed(options)),
  createServer: (options) => createServer(protocol, '127.0.0.1', 0, options),
  openConnection: (options) => openConnection('127.0.0.1', 1, options),
  startServer: (options) => startServer(job, '127.0.0.1', 0, options),
  'new Socket': (options) => new Socket(options).close(),
  'static Socket.pair': (options) => Socket.pair(options).forEach((socket) => socket.close()),
  'EventLoop.sockRecv': withSocket((loop, socket, options) => loop.sockRecv(socket, 1, options)),
  'EventLoop.sockRecvInto': withSocket((loop, socket, options) =>
    loop.sockRecvInto(socket, Buffer.alloc(1), options),
  ),
  'EventLoop.sockRecvfrom': withSocket((loop, socket, options) =>
    loop.sockRecvfrom(socket, 1, options),
  ),
  'EventLoop.sockRecvfromInto': withSocket((loop, socket, options) =>
    loop.sockRecvfromInto(socket, Buffer.alloc(1), 1, options),
  ),
  'EventLoop.sockSendall': withSocket((loop, socket, options) =>
    loop.sockSendall(socket, 'x', options),
  ),
  'EventLoop.sendFds': withSocket(
    (loop, socket, options) => loop.sendFds(socket, 'x', [], options),
    'unix',
  ),
  'EventLoop.recvFds': withSocket(
    (loop, socket, options) => loop.recvFds(socket, 1, 1, options),
    'unix',
  ),
  'EventLoop.sockSendto': withSocket((loop, socket, options) =>
    loop.sockSendto(socket, 'x', ['127.0.0.1', 1], options),
  ),
  'EventLoop.sockConnect': withSocket((loop, socket, options) =>
    loop.sockConnect(socket, ['127.0.0.1', 1], options),
  ),
  'EventLoop.connectAcceptedSocket': withSocket((loop, socket, options) =>
    loop.connectAcceptedSocket(protocol, socket, options),
  ),
  activatedSockets: (options) => activatedSockets(options),
  'EventLoop.sockSendfile': withStream((loop, socket, options) =>
    loop.sockSendfile(socket, file, 0, null, options),
  ),
  'EventLoop.sendfile': (options) =>
    withStreams((_, writer) => getRunningLoop().sendfile(writer.transport, file, 0, null, options)),
  'StreamWriter.sendfile': (options) =>
    withStreams((_, writer) => writer.sendfile(file, 0, null, options)),
  'EventLoop.sockAccept': withSocket((loop, socket, options) => loop.sockAccept(socket, options)),
  'EventLoop.startTls': (options) =>
    withStreams((_reader, { transport }) =>
      getRunningLoop().startTls(transport, new Protocol(), true, options),
    ),
  'StreamWriter.startTls': (options) =>
    withStreams((_reader, writer) => writer.startTls(true, options)),
  'Server.shutdown': async (options) => {
    const server = await createServer(protocol, '127.0.0.1', 0);
    try {
      return await server.shutdown(options);
    } finally {
      server.close();
    }
  },
  'Server.waitClosed': (options) => withClosed((server) => server.waitClosed(options)),
  'Server.serveForever': (options) => withClosed((server) => server.serveForever(options)),
  'new StreamReader': (options) => new StreamReader(options),
  'StreamReader.read': (options) => new StreamReader().read(1, options),
  'StreamReader.readexactly': (options) => new StreamReader().readexactly(1, options),
  'StreamReader.readline': (options) => new StreamReader().readline(options),
  'StreamReader.readuntil': (options) => new StreamReader().readuntil('x', options),
  'StreamReader.lines': (options) => new StreamReader().lines(options),
  'StreamWriter.drain': (options) => withStreams((_, writer) => writer.drain(options)),
  'StreamWriter.waitClosed': (options) => withStreams((_, writer) => writer.waitClosed(options)),
  connectedPair: (options) => connectedPair(protocol, protocol, options),

  createSubprocessExec: (options) => createSubprocessExec('true', options),
  createSubprocessShell: (options) => createSubprocessShell('true', options),
  'EventLoop.subprocessExec': (options) =>
    getRunningLoop().subprocessExec(() => new SubprocessProtocol(), 'true', options),
  'EventLoop.subprocessShell': (options) =>
    getRunningLoop().subprocessShell(() => new SubprocessProtocol(), 'true', options),
  'SignalSource.receive': (options) => withSignals((source) => source.receive(options)),
  'SignalSource.next': (options) => withSignals((source) => source.next(options)),
  'Process.wait': (options) => withChild((child) => child.wait(options)),
  'Process.communicate': (options) => withChild((child) => child.communicate(options)),
  'Process.kill': (options) => withChild(async (child) => child.kill(options)),

  toNodeStream: async (options) => {
    const [[transport]] = await connectedPair(
      () => new Protocol(),
      () => new Protocol(),
    );
    return toNodeStream(transport, options);
  },
  fromNodeStream: (options) => fromNodeStream(new PassThrough(), options),

  serve: (options) => serve({ fetch: () => new Response('x'), ...spread(options) }),
  'HttpServer.waitClosed': (options) => withServer((server) => server.waitClosed(options)),
  'HttpServer.serveForever': (options) => withServer((server) => server.serveForever(options)),
  'HttpServer.shutdown': (options) => withServer((server) => server.shutdown(options)),
  toNodeHandler: async (options) => toNodeHandler(() => {}, options),
  accessLog: async (options) => accessLog(options),
  compression: async (options) => compression(options),
  cors: async (options) => cors(options),
  etag: async (options) => etag(options),
  rateLimit: async (options) => rateLimit(options),
  requestId: async (options) => requestId(options),
  securityHeaders: async (options) => securityHeaders(options),
  'HttpServer.reload': (options) => withServer(async (server) => server.reload(options)),
  testClient: async (options) => testClient(() => new Response(''), options),
  'RunningServer.shutdown': (options) => withServer((server) => server.shutdown(options)),
  'RunningServer.waitClosed': (options) => withServer((server) => server.waitClosed(options)),
  'RunningServer.serveForever': (options) => withServer((server) => server.serveForever(options)),
  'WorkerServer.waitClosed': (options) => withoutWorkers((server) => server.waitClosed(options)),
  'WorkerServer.serveForever': (options) =>
    withoutWorkers((server) => server.serveForever(options)),
  'WorkerServer.shutdown': (options) => withoutWorkers((server) => server.shutdown(options)),
  'WorkerServer.reload': (options) => withoutWorkers((server) => server.reload(options)),
  handOver: (options) => handOver(options),
  group: (options) => group('', options as object),
  'new ContextKey': (options) => new ContextKey('key', options as object),
  'new Response': (options) => new Response('x', options),
  'static Response.json': (options) => Response.json({}, options),
  'static Response.file': (options) => Response.file('a.txt', options),
  'static Response.stream': (options) => Response.stream(() => {}, options),
  'static Response.sse': (options) => Response.sse([], options),
  'Response.setCookie': async (options) => new Response('').setCookie('a', 'b', options),
  'Response.deleteCookie': async (options) => new Response('').deleteCookie('a', options),
  staticFiles: (options) => staticFiles('.', options),
  'Request.formData': (options) => withRequest(async (request) => await request.formData(options)),
  'new ClientSession': (options) => new ClientSession(options),
  'ClientSession.websocket': (options) => new ClientSession().websocket(URL_NOWHERE, options),
  connectWebSocket: (options) => connectWebSocket(URL_NOWHERE, options),
  websocket: (options) => websocket(options as never),
  'WebSocketConnection.drain': (options) => withWebSocket((socket) => socket.drain(options)),
  'WebSocketConnection.receive': (options) => withWebSocket((socket) => socket.receive(options)),
  'WebSocketConnection.next': (options) => withWebSocket((socket) => socket.next(options)),
  'WebSocketConnection.ping': (options) => withWebSocket((socket) => socket.ping('', options)),
  'WebSocketConnection.waitClosed': (options) =>
    withWebSocket((socket) => socket.waitClosed(options)),
  'ClientSession.request': (options) => new ClientSession().request('GET', URL_NOWHERE, options),
  'ClientSession.get': (options) => new ClientSession().get(URL_NOWHERE, options),
  'ClientSession.head': (options) => new ClientSession().head(URL_NOWHERE, options),
  'ClientSession.options': (options) => new ClientSession().options(URL_NOWHERE, options),
  'ClientSession.post': (options) => new ClientSession().post(URL_NOWHERE, options),
  'ClientSession.put': (options) => new ClientSession().put(URL_NOWHERE, options),
  'ClientSession.patch': (options) => new ClientSession().patch(URL_NOWHERE, options),
  'ClientSession.delete': (options) => new ClientSession().delete(URL_NOWHERE, options),
  'ClientSession.download': (options) =>
    new ClientSession().download(URL_NOWHERE, '/nowhere/at all', options),
  'new Connector': async (options) => new Connector(options),
  'ClientSession.sse': async (options) => {
    await using session = new ClientSession();
    session.sse(URL_NOWHERE, options).close();
  },
  'EventFeed.read': async (options) => {
    await using session = new ClientSession();
    return await session.sse(URL_NOWHERE).read(options);
  },
  'new TraceConfig': async (options) => new TraceConfig(options),
  'ClientResponse.text': (options) =>
    answered((response) =>
      // A text is an encoding there.
      typeof options === 'string' ? response.text('utf-8', options) : response.text(options),
    ),
  'EventStream.read': (options) => withEvents((events) => events.read(options)),
  'ClientResponse.bytes': (options) => answered((response) => response.bytes(options)),
  'ClientResponse.read': (options) => answered((response) => response.read(options)),
  'ClientResponse.arrayBuffer': (options) => answered((response) => response.arrayBuffer(options)),
  'ClientResponse.blob': (options) => answered((response) => response.blob(options)),
  'ResponseBody.read': (options) => answered((response) => response.body.read(options)),
  'ResponseLines.read': (options) => answered((response) => response.readLines().read(options)),
  'ClientResponse.readLines': (options) =>
    withServer(async (server) => {
      await using own = new ClientSession();
      const response: ClientResponse = await own.get(server.url);
      return response.readLines(options);
    }),
  'ClientResponse.sse': (options) =>
    withServer(async (server) => {
      await using own = new ClientSession();
      const response: ClientResponse = await own.get(server.url);
      return response.sse(options);
    }),
  'ClientResponse.json': (options) => answered((response) => response.json(options)),
  'new ClientTimeout': (options) => new ClientTimeout(options),
  'static ClientTimeout.from': (options) => ClientTimeout.from(options),
  'new CookieJar': (options) => new CookieJar(options),
  'static CookieJar.fromJSON': (options) => CookieJar.fromJSON({ cookies: [] }, options),
  digestAuth: (options) =>
    digestAuth(
      typeof options === 'object' && options !== null && !(Symbol.iterator in options)
        ? { username: 'me', password: 'x', ...options }
        : options,
    ),
  retryRequests: (options) => retryRequests(options),
};

async function inRemoteQueue(call: (queue: RemoteQueue) => PromiseLike<unknown>): Promise<void> {
  using handle = shareQueue(new Queue());
  await call(connectQueue(handle));
}

/** Work for a thread is written like options, and is refused like them. */
const WORK: Record<string, Call> = {
  'toThread({ func })': (options) => toThread({ func: plain, ...spread(options) }),
  'toProcess({ func })': (options) => toProcess({ func: plain, ...spread(options) }),
  'toThread({ module })': (options) => toThread({ module: 'node:path', ...spread(options) }),
};

/** What is declared with options, and is not ours to check. */
const NOT_OURS = new Set([
  // The user's own class does what it likes.
  'Executor.submit',
  'Executor.shutdown',
  // An application, of which it reads the routes; serve() checks the rest.
  'routesOf',
  // Made by session.sse(), which stands here.
  'new EventFeed',
  // Made by testClient(), which hands them to serve(); these go to ClientSession.
  'connectedHttp',
  'new TestClient',
  ...['request', 'get', 'head', 'options', 'post', 'put', 'patch', 'delete'].map(
    (method) => `TestClient.${method}`,
  ),
  // These are WHATWG's, and go on to a ReadableStream of Node's.
  'IncomingBody.getReader',
  'IncomingBody.pipeThrough',
  'IncomingBody.pipeTo',
]);

/** Types that are data and no options; ErrorOptions are the language's own. */
const DATA = /\b(?:ErrorOptions|HeadersInit|BodyInit|QueryInit|CookiesInit|FetchInit)\b/;

/** `{ ...5 }` is nothing at all; what is no object goes through as it is. */
function spread(options: any): any {
  return typeof options === 'object' && options !== null ? options : { null: options };
}

/** The group would wrap the error of its body. */
async function inGroup(body: (group: TaskGroup) => PromiseLike<unknown>): Promise<void> {
  let failure: unknown = null;
  await TaskGroup.run(async (group) => {
    try {
      await body(group);
    } catch (error) {
      failure = error;
    }
    group.cancel();
  });
  if (failure !== null) throw failure;
}

async function inCondition<T>(body: (condition: Condition) => PromiseLike<T>): Promise<T> {
  const condition = new Condition();
  await condition.acquire();
  return await body(condition);
}

async function withSignals<T>(body: (source: SignalSource) => PromiseLike<T>): Promise<T> {
  const source = signals('SIGUSR2');
  try {
    return await body(source);
  } finally {
    source.close();
  }
}

async function withChild<T>(body: (child: Process) => PromiseLike<T>): Promise<T> {
  const child = await createSubprocessExec('cat', { stdin: 'pipe' });
  try {
    return await body(child);
  } finally {
    child.close();
  }
}

async function withServer<T>(body: (server: any) => PromiseLike<T>): Promise<T> {
  const server = await serve({ fetch: () => Response.json({}) });
  try {
    return await body(server);
  } finally {
    server.close();
  }
}

async function withEvents(use: (events: any) => PromiseLike<unknown>): Promise<unknown> {
  const server = await serve({ fetch: () => Response.sse([]) });
  await using session = new ClientSession();
  try {
    return await use((await session.get(server.url)).sse());
  } finally {
    server.close();
  }
}

/** What `use` gives of a response of a client. */
function answered(use: (response: any) => PromiseLike<unknown>): Promise<unknown> {
  return withServer(async (server) => {
    await using own = new ClientSession();
    const response: ClientResponse = await own.get(server.url);
    return await use(response);
  });
}

async function withRequest(use: (request: any) => PromiseLike<unknown>): Promise<unknown> {
  let failure: unknown = null;
  let used: unknown;
  const server = await serve({
    fetch: async (request) => {
      try {
        used = await use(request);
      } catch (error) {
        failure = error;
      }
      return new Response('');
    },
  });
  await using session = new ClientSession();
  await (await session.get(server.url)).text();
  server.close();
  if (failure !== null) throw failure;
  return used;
}

async function withWebSocket<T>(body: (socket: any) => PromiseLike<T>): Promise<T> {
  const server = await serve({ routes: { '/': websocket({}) } });
  const socket = await connectWebSocket(server.url);
  try {
    return await body(socket);
  } finally {
    socket.abort();
    server.close();
  }
}

/** A server that has no thread. */
async function withoutWorkers<T>(body: (server: any) => PromiseLike<T>): Promise<T> {
  const server = new (WorkerServer as any)(getRunningLoop(), {
    program: '',
    count: 0,
    sockets: [],
    scheme: 'http',
    hostname: undefined,
    clean: () => {},
  });
  try {
    return await body(server);
  } finally {
    server.close();
  }
}

async function withEndpoint<T>(body: (endpoint: DatagramEndpoint) => PromiseLike<T>): Promise<T> {
  const endpoint = await openDatagram({ localAddr: ['127.0.0.1', 0] });
  try {
    return await body(endpoint);
  } finally {
    endpoint.close();
  }
}

/** The parameter that takes options, if there is one. */
function optionsParameter(parameters: readonly Parameter[]): Parameter | undefined {
  return parameters.find(({ type }) => takesOptions(type));
}

function takesOptions(type: string): boolean {
  return (
    !DATA.test(type) &&
    !/^\(.*=>/.test(type) &&
    (/\b\w*(?:Options|Init)\b/.test(type) || /(?:^|\|\s*)\{/.test(type))
  );
}

interface Taking {
  readonly type: string;
  readonly options: ReadonlyMap<string, string>;
  readonly file: string;
}

const found = new Map<string, Taking>();
for (const entry of ['index', 'http', 'testing', 'node'] as const) {
  for (const { name, file, parameters } of signaturesOf(entry)) {
    const parameter = optionsParameter(parameters);
    if (parameter === undefined || NOT_OURS.has(name)) continue;
    found.set(name, { type: parameter.type, options: optionsOf(parameter.type, file), file });
  }
}
const CALLED = [...found].filter(([name]) => name in CALLS);

/** How the call fails, at once or as an awaitable; null when it does not. */
async function refusal(call: Call, options: unknown): Promise<any> {
  let made: unknown;
  try {
    made = call(options);
  } catch (error) {
    return error;
  }
  if (typeof (made as PromiseLike<unknown> | null)?.then !== 'function') return null;
  return await Promise.resolve(made).then(
    () => null,
    (error: unknown) => error,
  );
}

/** Runs in a loop, whose errors that nobody takes are not of interest. */
async function within(body: () => Promise<void>): Promise<void> {
  await run(async () => {
    getRunningLoop().setExceptionHandler(() => {});
    await body();
  });
}

async function expectUnknownRefused(call: Call, options: Iterable<string>): Promise<void> {
  const known = [...options];
  for (const name of known) {
    const error = await refusal(call, { [`${name}z`]: 1 });
    expect([name, error?.name, error?.message]).toEqual([
      name,
      'TypeError',
      expect.stringMatching(`there is no option '${name}z'; did you mean '${name}'\\?`),
    ]);
  }
  for (const name of ['tls', 'ssl', 'proxy', 'quite another name']) {
    if (known.includes(name)) continue;
    const error = await refusal(call, { [name]: true });
    expect([name, error?.name]).toEqual([name, 'TypeError']);
    expect(error.message).toContain(`there is no option '${name}'`);
  }
}

test('whatever takes options stands here', () => {
  expect([...found.keys()].filter((name) => !(name in CALLS))).toEqual([]);
  const declared = [...found.keys(), 'eagerTaskFactory', 'new LifoQueue'];
  expect(Object.keys(CALLS).filter((name) => !declared.includes(name))).toEqual([]);
  expect([...found].filter(([, { options }]) => options.size === 0)).toEqual([]);
});

test.each(CALLED)('%s refuses an option that there is not', (name, { options }) =>
  within(() => expectUnknownRefused(CALLS[name]!, options.keys())),
);

test.each(Object.entries(WORK))('%s refuses one as well', (_name, call) =>
  within(() => expectUnknownRefused(call, ['transfer', 'signal'])),
);

test.each(CALLED.filter(([, { type }]) => !/\bnull\b/.test(type.replace(/\{[^]*\}/, ''))))(
  '%s refuses options that are none',
  (name, { type }) =>
    within(async () => {
      for (const wrong of [null, 'name', true, Symbol('s'), new Map(), [['a', 1]]]) {
        if (name === 'serve') continue;
        // There a text is an argument of the program, or its input.
        if (typeof wrong === 'string' && /ArgumentsAnd|Data/.test(type)) continue;
        if (type.includes('Data') && (wrong === null || typeof wrong !== 'object')) continue;
        const error = await refusal(CALLS[name]!, wrong);
        expect([wrong, error?.name]).toEqual([wrong, 'TypeError']);
        // Where a number stands for the most important option, that is what is named.
        if (!/\bnumber\b|Duration/.test(type.replace(/\{[^]*\}/, ''))) {
          expect(error.message).toContain('options must be an object, got ');
        }
      }
    }),
);

/** What no option of a type can be. */
function wrongValues(type: string): unknown[] {
  if (/\b(?:any|unknown|T)\b/.test(type)) return [];
  const bare = type.replace(/\|\s*(?:undefined|null)\b/g, '').trim();
  const values: unknown[] = [Symbol('wrong')];
  if (bare === 'boolean') values.push('false', 1);
  if (bare === 'number') values.push('12', NaN);
  if (bare === 'string') values.push(12);
  if (bare === 'Duration') values.push('5 parsecs', NaN, {});
  if (bare === 'AbortSignal') values.push({}, new AbortController());
  if (/^\(.*=>/.test(bare)) values.push({}, 'text');
  return values;
}

test.each(CALLED)('%s refuses values that an option cannot have', (name, { options }) =>
  within(async () => {
    for (const [option, type] of options) {
      for (const wrong of wrongValues(type)) {
        const error = await refusal(CALLS[name]!, { [option]: wrong });
        const said = [option, wrong, error?.name, error?.message];
        expect(said).toEqual([
          option,
          wrong,
          expect.stringMatching(/^(?:TypeError|RangeError)$/),
          expect.stringContaining(option),
        ]);
      }
    }
  }),
);

test('options inside of options are refused as well', () =>
  within(async () => {
    for (const [name, { options, file }] of CALLED) {
      for (const [option, type] of options) {
        const inner = takesOptions(type) ? optionsOf(type, file) : new Map<string, string>();
        if (inner.size === 0) continue;
        await expectUnknownRefused((given) => CALLS[name]!({ [option]: given }), inner.keys());
      }
    }
  }));
