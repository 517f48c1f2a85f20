/** Unix sockets: connections and servers, their files, and who is at the other end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Coro,
  createUnixConnection,
  createTask,
  createUnixServer,
  type EventLoop,
  gather,
  getRunningLoop,
  openUnixConnection,
  promise,
  Protocol,
  run,
  type Server,
  startUnixServer,
  type StreamReader,
  type StreamWriter,
  type Transport,
} from 'oxbow';
import { VirtualLoop } from 'oxbow/testing';

import { testWith } from '../support/needs.ts';
import { echo as tlsEcho, people } from '../tls/tls-support.ts';
import { failure, Recorder, until } from './tcp-support.ts';

type Body = (path: string, loop: EventLoop) => Coro<void>;

function within(body: Body): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oxbow-'));
    try {
      await run(() => body(join(folder, 'socket'), getRunningLoop()));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

const check = (name: string, body: Body): void => void test(name, within(body));
const onLinux = testWith(process.platform === 'linux' ? undefined : 'abstract names are of Linux');

class Echo extends Protocol {
  #transport!: Transport;
  override connectionMade(transport: Transport): void {
    this.#transport = transport;
  }
  override dataReceived(data: Buffer): void {
    this.#transport.write(data);
  }
}

const echo = (path: string): Coro<Server> => serving(path, {});

function* serving(path: string, options: Parameters<typeof createUnixServer>[2]): Coro<Server> {
  return yield* createUnixServer(() => new Echo(), path, options);
}

function* connecting(path: unknown, options?: object): Coro<unknown> {
  return yield* createUnixConnection(() => new Protocol(), path as string, options);
}

function* ends(server: Server): Coro<void> {
  server.close();
  server.abortClients();
  yield* server.waitClosed();
}

check('protocols talk over it', function* (path) {
  const server = yield* echo(path);
  const [transport, recorder] = yield* createUnixConnection(() => new Recorder(), path);
  transport.write('hello');
  expect(String(yield* recorder.atLeast(5))).toBe('hello');
  const much = Buffer.alloc(3_000_000, 'many bytes');
  transport.write(much);
  expect((yield* recorder.atLeast(much.length + 5)).subarray(5).equals(much)).toBe(true);
  expect(transport.canWriteEof()).toBe(true);
  transport.writeEof();
  expect(yield* recorder.lost).toBeNull();
  yield* ends(server);
});

check('streams talk over it, to Node as well', function* (path) {
  const server = yield* startUnixServer(
    function* (reader, writer) {
      writer.write(yield* reader.read());
      writer.close();
    },
    path,
    { limit: 1024 },
  );
  const [reader, writer] = yield* openUnixConnection(path, { limit: 1024 });
  writer.write('stream');
  writer.writeEof();
  expect(String(yield* reader.read())).toBe('stream');
  writer.close();
  yield* writer.waitClosed();
  const client = net.connect({ path });
  client.end('node');
  const [data] = (yield* promise(once(client, 'data'))) as [Buffer];
  expect(String(data)).toBe('node');
  yield* ends(server);
});

check('a client of ours talks to a server of Node', function* (path) {
  const server = net.createServer((socket) => socket.pipe(socket)).listen(path);
  yield* promise(once(server, 'listening'));
  const [reader, writer] = yield* openUnixConnection(path);
  writer.write('ping');
  expect(String(yield* reader.readexactly(4))).toBe('ping');
  writer.close();
  yield* writer.waitClosed();
  server.close();
});

check('addresses are paths', function* (path) {
  const server = yield* echo(path);
  expect(server.sockets[0]!.getsockname<string>()).toBe(path);
  expect(server.sockets[0]!.family).toBe('unix');
  expect(server.sockets[0]!.address()).toEqual({ address: path, family: 'unix', port: 0 });
  expect(String(server.sockets[0])).toMatch(/^<TransportSocket fd=\d+ unix .*socket>$/);
  expect(String(server)).toBe(`<Server serving unix:${path} clients=0>`);
  const [transport] = yield* createUnixConnection(() => new Protocol(), path);
  expect(transport.getExtraInfo('peername')).toBe(path);
  expect(transport.getExtraInfo('sockname')).toBe('');
  expect(String(transport)).toBe(`<Transport open unix peer=${path}>`);
  transport.abort();
  yield* ends(server);
});

check('who is at the other end is known on both sides', function* (path) {
  const made = new Recorder();
  const server = yield* createUnixServer(() => made, path);
  const [transport] = yield* createUnixConnection(() => new Protocol(), path);
  const ours = { pid: process.pid, uid: process.getuid!(), gid: process.getgid!() };
  expect(transport.getExtraInfo('peercred')).toEqual(ours);
  expect((yield* made.made).getExtraInfo('peercred')).toEqual(ours);
  yield* ends(server);
  const other = yield* createUnixServer(() => new Protocol(), path);
  const accepted: Transport[] = [];
  const watching = yield* createUnixServer(
    () => Object.assign(new Protocol(), { connectionMade: (it: Transport) => accepted.push(it) }),
    `${path}2`,
  );
  const script = `require('net').connect(${JSON.stringify(`${path}2`)}, () => process.stdin.resume())`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'ignore', 'ignore'] });
  yield* until(() => accepted.length === 1);
  expect(accepted[0]!.getExtraInfo('peercred')).toMatchObject({ pid: child.pid });
  child.kill();
  yield* ends(watching);
  yield* ends(other);
});

check('only Unix sockets tell who is at the other end', function* (_path, loop) {
  const server = yield* loop.createServer(() => new Protocol(), '127.0.0.1', 0);
  const [, port] = server.sockets[0]!.getsockname();
  const [transport] = yield* loop.createConnection(() => new Protocol(), '127.0.0.1', port);
  expect(transport.getExtraInfo('peercred')).toBeNull();
  yield* ends(server);
});

check('the file goes with the server', function* (path) {
  const server = yield* echo(path);
  expect(lstatSync(path).isSocket()).toBe(true);
  server.close();
  expect(existsSync(path)).toBe(false);
  yield* server.waitClosed();
});

check('the file stays when that is asked for', function* (path) {
  const server = yield* serving(path, { cleanupSocket: false });
  yield* ends(server);
  expect(existsSync(path)).toBe(true);
});

check('a file that is gone already is no error', function* (path) {
  const server = yield* echo(path);
  unlinkSync(path);
  yield* ends(server);
});

check('a file of somebody else in its place stays', function* (path) {
  const server = yield* echo(path);
  unlinkSync(path);
  const other = yield* echo(path);
  yield* ends(server);
  const [transport] = yield* createUnixConnection(() => new Protocol(), path);
  transport.abort();
  yield* ends(other);
  expect(existsSync(path)).toBe(false);
});

check('what a server before has left is replaced', function* (path) {
  const first = yield* serving(path, { cleanupSocket: false });
  yield* ends(first);
  const server = yield* echo(path);
  yield* connecting(path);
  yield* ends(server);
});

check('any other file is in use', function* (path) {
  writeFileSync(path, 'mine');
  expect(yield* failure(() => echo(path))).toMatchObject({
    code: 'EADDRINUSE',
    syscall: 'listen',
    address: path,
    message: `listen EADDRINUSE ${path}`,
  });
  expect(statSync(path).size).toBe(4);
});

check('the mode of the file says who may connect', function* (path) {
  const server = yield* serving(path, { mode: 0o640 });
  expect(statSync(path).mode & 0o777).toBe(0o640);
  yield* ends(server);
});

check('errors name the path', function* (path) {
  expect(yield* failure(() => connecting(path))).toMatchObject({
    code: 'ENOENT',
    syscall: 'connect',
    address: path,
    message: `connect ENOENT ${path}`,
  });
  const server = yield* serving(path, { cleanupSocket: false });
  yield* ends(server);
  expect(yield* failure(() => connecting(path))).toMatchObject({ code: 'ECONNREFUSED' });
  const long = join(path, 'x'.repeat(120));
  for (const step of [() => connecting(long), () => echo(long)]) {
    const error = yield* failure(step);
    expect(error.code).toBe('ENAMETOOLONG');
    expect(error.message).toContain('has about 100 bytes at most');
  }
});

check('bad arguments', function* (path) {
  for (const wrong of [undefined, null, 7, {}, Buffer.from(path)]) {
    expect(yield* failure(() => connecting(wrong))).toBeInstanceOf(TypeError);
  }
  for (const wrong of ['', '\0', 'a\0b']) {
    expect(yield* failure(() => connecting(wrong))).toBeInstanceOf(RangeError);
  }
  expect((yield* failure(() => connecting(path, { ssl: true }))).message).toContain('ssl');
  for (const mode of [0, 0o1000, 1.5, '0660', Number.NaN]) {
    const options = { mode: mode as number };
    expect(yield* failure(() => serving(path, options))).toBeInstanceOf(RangeError);
  }
  expect(yield* failure(() => serving(path, { backlog: 0 }))).toBeInstanceOf(RangeError);
  expect(yield* failure(() => serving(path, { cleanupSocket: 1 as never }))).toBeInstanceOf(
    TypeError,
  );
  expect(existsSync(path)).toBe(false);
});

onLinux(
  'an abstract name has no file',
  within(function* (path) {
    const name = `\0${path}`;
    const server = yield* echo(name);
    expect(server.sockets[0]!.getsockname<string>()).toBe(name);
    expect(String(server)).toContain(`unix:@${path}`);
    const [reader, writer] = yield* openUnixConnection(name);
    writer.write('abc');
    expect(String(yield* reader.readexactly(3))).toBe('abc');
    expect(existsSync(path)).toBe(false);
    expect(yield* failure(() => echo(name))).toMatchObject({ code: 'EADDRINUSE' });
    expect(yield* failure(() => serving(name, { mode: 0o600 }))).toBeInstanceOf(RangeError);
    yield* ends(server);
  }),
);

check('a client waits while the backlog is full', function* (path) {
  const server = yield* serving(path, { backlog: 1, startServing: false });
  const clients = Array.from({ length: 6 }, () => createUnixConnection(() => new Protocol(), path));
  // As many as fit are connected, the others are asked again until there is room.
  yield* until(() => clients.some((client) => client.done()));
  expect(clients.filter((client) => client.done()).length).toBeLessThan(6);
  yield* server.startServing();
  for (const [transport] of yield* gather(clients)) transport.abort();
  yield* ends(server);
});

check('an abort of the signal ends the wait', function* (path) {
  const server = yield* serving(path, { backlog: 1, startServing: false });
  const aborter = new AbortController();
  const { signal } = aborter;
  const clients = Array.from({ length: 4 }, () =>
    createUnixConnection(() => new Protocol(), path, { signal }),
  );
  yield* until(() => clients.some((client) => client.done()));
  aborter.abort();
  const results = yield* gather(clients, { returnExceptions: true });
  expect(results.filter((one) => (one as Error).name === 'AbortError').length).toBeGreaterThan(0);
  yield* ends(server);
});

test('TLS goes over it, under the name that is asked for', async () => {
  const { mine, trust } = await people();
  const body = within(function* (path) {
    const server = yield* startUnixServer(tlsEcho, path, { tls: mine });
    const [reader, writer] = yield* openUnixConnection(path, {
      tls: trust,
      servername: 'localhost',
    });
    writer.write('in secret');
    writer.writeEof();
    expect(String(yield* reader.read())).toBe('in secret');
    expect(writer.getExtraInfo('tlsVersion')).toBe('TLSv1.3');
    writer.close();
    yield* writer.waitClosed();
    const other = { tls: trust, servername: 'other.example' };
    const wrong = yield* failure(() => connecting(path, other));
    expect(wrong.code).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    const nameless = yield* failure(() => connecting(path, { tls: trust }));
    expect(nameless.message).toBe(
      "createUnixConnection(): tls needs servername, the name in the certificate ('' for any)",
    );
    yield* ends(server);
  });
  await body();
});

check('in the async lane', function* (path) {
  yield* createTask(async () => {
    const server = await startUnixServer(async (reader: StreamReader, writer: StreamWriter) => {
      writer.write(await reader.readline());
      writer.close();
    }, path);
    const [reader, writer] = await openUnixConnection(path);
    writer.write('line\n');
    expect(String(await reader.readline())).toBe('line\n');
    writer.close();
    await server.shutdown();
  });
});

test('virtual time has no Unix sockets', () => {
  const loop = new VirtualLoop();
  for (const step of [() => connecting('/tmp/never'), () => echo('/tmp/never')]) {
    const error = loop.runUntilCompleteSync(failure(step));
    expect(error).toMatchObject({ message: 'a loop in virtual time has no Unix sockets' });
  }
  loop.close();
});
