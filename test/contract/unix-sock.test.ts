/** `sock:` on the calls of Unix sockets, and the signals of servers. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Coro,
  createUnixConnection,
  createUnixServer,
  type EventLoop,
  getRunningLoop,
  openUnixConnection,
  Protocol,
  run,
  Socket,
  startUnixServer,
} from 'oxbow';
import { Response, serve } from 'oxbow/http';

import { failure, until } from './tcp-support.ts';

function check(name: string, body: (path: string, loop: EventLoop) => Coro<void>): void {
  test(name, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oxbow-'));
    try {
      await run(() => body(join(folder, 'socket'), getRunningLoop()));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

function unixSocket(path: string): Socket {
  const socket = new Socket({ family: 'unix' });
  socket.bind(path);
  return socket;
}

check('a server over a bound socket, and streams over a connected one', function* (path, loop) {
  const listening = unixSocket(path);
  const server = yield* startUnixServer(
    function* (reader, writer) {
      writer.write(yield* reader.readline());
      writer.close();
    },
    null,
    { sock: listening, backlog: 5 },
  );
  expect(listening.fileno()).toBe(-1);
  expect(server.sockets[0]!.getsockname<string>()).toBe(path);
  const sock = new Socket({ family: 'unix' });
  yield* loop.sockConnect(sock, path);
  const [reader, writer] = yield* openUnixConnection(null, { sock });
  expect(sock.fileno()).toBe(-1);
  writer.write('hello\n');
  expect(String(yield* reader.read(-1))).toBe('hello\n');
  writer.close();
  yield* server.shutdown();
  expect(existsSync(path)).toBe(false);
});

check('its file stays when that is asked for, or another one stands there', function* (path) {
  const kept = yield* createUnixServer(() => new Protocol(), null, {
    sock: unixSocket(path),
    cleanupSocket: false,
  });
  yield* kept.shutdown();
  expect(existsSync(path)).toBe(true);
  rmSync(path);
  const first = yield* createUnixServer(() => new Protocol(), null, { sock: unixSocket(path) });
  const second = yield* createUnixServer(() => new Protocol(), path);
  yield* first.shutdown();
  expect(existsSync(path)).toBe(true);
  yield* second.shutdown();
  expect(existsSync(path)).toBe(false);
});

check('one end of a pair has no path, and no file', function* () {
  const [one, other] = Socket.pair();
  const [reader] = yield* openUnixConnection(null, { sock: one });
  const [transport] = yield* createUnixConnection(() => new Protocol(), null, { sock: other });
  expect(transport.getExtraInfo('sockname')).toBe('');
  transport.write('bye');
  transport.close();
  expect(String(yield* reader.read(-1))).toBe('bye');
});

check('wrong kinds, and a path besides, are refused by each call', function* (path, loop) {
  const bad: Array<[sock: any, path: any, options: object, message: string]> = [];
  const tcp = new Socket();
  const datagrams = new Socket({ family: 'unix', type: 'datagram' });
  const good = new Socket({ family: 'unix' });
  const gone = new Socket({ family: 'unix' });
  gone.close();
  bad.push([tcp, null, {}, 'a Unix stream socket was expected, not <Socket fd=']);
  bad.push([datagrams, null, {}, 'a Unix stream socket was expected, not <Socket fd=']);
  bad.push([good, path, {}, 'path and sock cannot be specified at the same time']);
  bad.push([good.fileno(), null, {}, 'a Socket was expected']);
  bad.push([gone, null, {}, 'the socket is closed']);
  bad.push([undefined, null, {}, 'path is missing, and no sock is given']);
  const factory = (): Protocol => new Protocol();
  for (const [sock, where, options, message] of bad) {
    const all = { ...options, sock };
    expect(() => createUnixConnection(factory, where, all)).toThrow(message);
    expect(() => loop.createUnixConnection(factory, where, all)).toThrow(message);
    expect(() => openUnixConnection(where, all)).toThrow(message);
    expect(() => createUnixServer(factory, where, all)).toThrow(message);
    expect(() => loop.createUnixServer(factory, where, all)).toThrow(message);
    expect(() => startUnixServer(() => {}, where, all)).toThrow(message);
  }
  expect(() => createUnixServer(factory, null, { sock: good, mode: 0o600 })).toThrow(
    'mode and sock cannot be specified at the same time',
  );
  expect(() => createUnixConnection(factory, null, { sock: good, tls: true })).toThrow(
    'tls needs servername',
  );
  expect(good.fileno()).toBeGreaterThan(0);
  for (const socket of [tcp, datagrams, good]) socket.close();
});

check('one that cannot be taken over stays as it was', function* (_, loop) {
  const [near, far] = Socket.pair();
  const failing = (): never => {
    throw new Error('no protocol');
  };
  const error = yield* failure(() => createUnixConnection(failing, null, { sock: near }) as any);
  expect(error.message).toBe('no protocol');
  yield* loop.sockSendall(near, 'still here');
  expect(String(yield* loop.sockRecv(far, 99))).toBe('still here');
  near.close();
  far.close();
});

check('a signal ends the making of a server, and leaves nothing', function* (path) {
  const control = new AbortController();
  const making = createUnixServer(() => new Protocol(), path, { signal: control.signal });
  control.abort();
  expect((yield* failure(() => making as any)).name).toBe('AbortError');
  expect(existsSync(path)).toBe(false);
  const later = new AbortController();
  const server = yield* createUnixServer(() => new Protocol(), path, { signal: later.signal });
  later.abort();
  expect(server.isServing()).toBe(true);
  yield* server.shutdown();
});

check('serveForever with a signal that has aborted before closes the server', function* (path) {
  const server = yield* createUnixServer(() => new Protocol(), path);
  const signal = AbortSignal.abort();
  expect((yield* failure(() => server.serveForever({ signal }) as any)).name).toBe('AbortError');
  expect(server.isServing()).toBe(false);
  yield* server.waitClosed();
});

describe('an HTTP server', () => {
  const options = { port: 0, hostname: '127.0.0.1', fetch: () => new Response('hello') };

  check('waitClosed and shutdown are left by a signal, and go on', function* () {
    const server = yield* serve(options);
    const control = new AbortController();
    const { signal } = control;
    const waits = [server.waitClosed({ signal }), server.waitClosed()];
    control.abort(new Error('why'));
    const error = yield* failure(() => waits[0] as any);
    expect([error.name, error.cause.message]).toEqual(['AbortError', 'why']);
    expect((yield* failure(() => server.waitClosed({ signal }) as any)).name).toBe('AbortError');
    expect(waits[1]!.done()).toBe(false);
    expect((yield* failure(() => server.shutdown({ signal }) as any)).name).toBe('AbortError');
    yield* waits[1]!;
  });

  check('serveForever is ended by a signal, and closes the server', function* () {
    for (const when of ['before', 'later']) {
      const server = yield* serve(options);
      const control = new AbortController();
      if (when === 'before') control.abort();
      const serving = server.serveForever({ signal: control.signal });
      control.abort();
      expect((yield* failure(() => serving as any)).name).toBe('AbortError');
      yield* server.waitClosed();
    }
  });

  check('bad options are refused', function* () {
    const server = (yield* serve(options)) as any;
    for (const name of ['waitClosed', 'serveForever', 'shutdown']) {
      expect(() => server[name]({ signal: {} })).toThrow(TypeError);
      expect(() => server[name]({ sginal: null })).toThrow("did you mean 'signal'?");
    }
    server.close();
    yield* until(() => server.connections === 0);
  });
});
