// A cancel that comes when a connection, a server, a socket or a child is there, but before the
// task that asked for it goes on, whichever turn that is: it is closed, and nothing stays open.
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Coro,
  createConnection,
  createDatagramEndpoint,
  createServer,
  createSubprocessExec,
  createTask,
  createUnixConnection,
  createUnixServer,
  DatagramProtocol,
  type Future,
  getRunningLoop,
  openConnection,
  openDatagram,
  openUnixConnection,
  Protocol,
  run,
  type Server,
  SubprocessProtocol,
  startServer,
  StreamReader,
  waitFor,
} from 'oxbow';

import { portOf, until } from './tcp-support.ts';

const HOST = '127.0.0.1';
const LOCAL = { localAddr: [HOST, 0] } as const;
const signal = new AbortController().signal;

/** What a call gives must be closed by the test when it came in time. */
interface Given {
  close?(): void;
}

/** Closes what a call gave, whatever that is. */
function close(given: unknown): void {
  for (const each of Array.isArray(given) ? given : [given]) (each as Given).close?.();
}

const path = join(tmpdir(), `oxbow-${randomUUID()}`);

type Call = (port: number) => Future<unknown>;

const CALLS: Record<string, Call> = {
  createConnection: (port) => createConnection(() => new Protocol(), HOST, port),
  'createConnection with a signal': (port) =>
    createConnection(() => new Protocol(), HOST, port, { signal }),
  openConnection: (port) => openConnection(HOST, port),
  'waitFor of openConnection': (port) => waitFor(openConnection(HOST, port), 60),
  createUnixConnection: () => createUnixConnection(() => new Protocol(), path),
  openUnixConnection: () => openUnixConnection(path),
  createServer: () => createServer(() => new Protocol(), HOST, 0),
  startServer: () => startServer(() => {}, HOST, 0),
  createUnixServer: () => createUnixServer(() => new Protocol(), `${path}-2`),
  createDatagramEndpoint: () => createDatagramEndpoint(() => new DatagramProtocol(), LOCAL),
  openDatagram: () => openDatagram(LOCAL),
  createSubprocessExec: () => createSubprocessExec('cat', { stdin: 'pipe', stdout: 'pipe' }),
  subprocessExec: () => getRunningLoop().subprocessExec(() => new SubprocessProtocol(), 'cat'),
};

/** How many turns it takes from a cancel at the call to one that comes too late. */
const TURNS = 24;

function* turns(count: number): Coro<void> {
  for (let turn = 0; turn < count; turn++) yield;
}

/** Handles of the loop that are open. */
const open = (): number => getRunningLoop().metrics().handles;

test.each(
  Object.entries(CALLS).flatMap(([name, call]) => [
    [name, 'generator', call] as const,
    [name, 'async', call] as const,
  ]),
)('%s in a task of the %s lane', (_name, lane, call) =>
  run(function* () {
    const server: Server = yield* createServer(() => new Protocol(), HOST, 0);
    const unix: Server = yield* createUnixServer(() => new Protocol(), path);
    const port = portOf(server);
    const before = open();
    const seen = { cancelled: 0, given: 0 };
    for (let turn = 0; turn < TURNS; turn++) {
      const task =
        lane === 'async'
          ? createTask(async () => await call(port))
          : createTask(function* () {
              return yield* call(port);
            });
      yield* turns(turn);
      task.cancel();
      try {
        close(yield* task);
        seen.given++;
      } catch {
        seen.cancelled++;
      }
    }
    expect(seen.cancelled).toBeGreaterThan(0);
    server.closeClients();
    unix.closeClients();
    // A child that is killed takes its time to end.
    yield* until(() => open() === before);
    server.close();
    unix.close();
  }),
);

test('what waitFor has read is back in the reader when its task is cancelled then', () =>
  run(function* () {
    for (let turn = 0; turn < 8; turn++) {
      const reader = new StreamReader();
      const task = createTask(function* () {
        return yield* waitFor(reader.readexactly(3), 60);
      });
      yield* turns(4);
      reader.feedData(Buffer.from('abc'));
      yield* turns(turn);
      const late = !task.cancel();
      const got = late ? String(yield* task) : '';
      reader.feedEof();
      if (!late) yield* turns(2);
      expect(got + String(yield* reader.read())).toBe('abc');
    }
  }));
