// A KeyboardInterrupt that is thrown by a callback of connections ends `run` with it, whoever
// catches what else is thrown there.
import {
  type ClientConnected,
  createServer,
  createTask,
  getRunningLoop,
  KeyboardInterrupt,
  openConnection,
  Protocol,
  run,
  startServer,
  TlsContext,
} from 'oxbow';

import { collectReports, rejection } from '../support/outcomes.ts';
import { people } from '../tls/tls-support.ts';
import { portOf } from './tcp-support.ts';

const interrupt = (): never => {
  throw new KeyboardInterrupt();
};

class Interrupts extends Protocol {
  override connectionMade = interrupt;
}

class InterruptsLater extends Protocol {
  override dataReceived = interrupt;
}

const HOST = '127.0.0.1';

test.each([
  ['clientConnected', () => startServer(interrupt as ClientConnected, HOST, 0)],
  ['the factory of protocols', () => createServer(interrupt, HOST, 0)],
  ['connectionMade', () => createServer(() => new Interrupts(), HOST, 0)],
  ['dataReceived', () => createServer(() => new InterruptsLater(), HOST, 0)],
])('%s', async (_name, listen) => {
  let reports: unknown[] = [];
  const ended = run(function* () {
    reports = collectReports(getRunningLoop());
    const server = yield* listen();
    const [reader, writer] = yield* openConnection(HOST, portOf(server));
    writer.write('x');
    yield* reader.read();
    yield* getRunningLoop().createFuture();
  });
  expect((await rejection(ended)).name).toBe('KeyboardInterrupt');
  expect(reports).toEqual([]);
});

test('the key log of TLS', async () => {
  const who = await people();
  let reports: unknown[] = [];
  const ended = run(function* () {
    reports = collectReports(getRunningLoop());
    const tls = new TlsContext({ ...who.mine, keylog: interrupt });
    const server = yield* startServer(function* () {}, HOST, 0, { tls });
    const options = { tls: who.trust, servername: 'localhost' };
    // It is not the client's error.
    createTask(function* () {
      yield* openConnection(HOST, portOf(server), options);
    }).addDoneCallback((task) => task.cancelled() || task.exception());
    yield* getRunningLoop().createFuture();
  });
  expect((await rejection(ended)).name).toBe('KeyboardInterrupt');
  expect(reports).toEqual([]);
});
