// SIGTERM under serveForever: a graceful shutdown, also while a loop owns the thread.
import { runChild } from './core-child.ts';

const SERVER = `
  const server = yield* serve({
    *fetch() { console.log('begun'); yield* sleep(0.05); return new Response('answered'); },
    onStop: () => console.log('stopped'),
  });
  const session = new ClientSession();
  const answer = createTask(function* () {
    const response = yield* session.get(server.url);
    console.log(yield* response.text());
    yield* session.close();
  });
  yield* server.serveForever();
  yield* answer;
  console.log('main goes on');`;

/** Sends SIGTERM when a word appears. */
function termAt(word: string) {
  let sent = false;
  return (pid: number, stdout: string): void => {
    if (!sent && stdout.includes(word)) {
      sent = true;
      process.kill(pid, 'SIGTERM');
    }
  };
}

const IMPORTS = `import { createTask, run, runSync, sleep } from 'oxbow';
  import { ClientSession, Response, serve } from 'oxbow/http';`;

test.each(['await run', 'runSync'])('%s: what is under way is answered', async (call) => {
  const source = `${IMPORTS} ${call}(function* () {${SERVER}});`;
  const ended = await runChild(source, termAt('begun'));
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  // Whether the client or the server is told first is not what this is about.
  expect(ended.stdout.trim().split('\n').toSorted()).toEqual([
    'answered',
    'begun',
    'main goes on',
    'stopped',
  ]);
});

test('a second one closes at once; a listener of the program is left alone', async () => {
  const twice = await runChild(
    `${IMPORTS} await run(function* () {
      const server = yield* serve({
        *fetch() {
          console.log('begun');
          try { yield* sleep('1h'); } finally { console.log('cancelled'); }
        },
      });
      const session = new ClientSession();
      createTask(function* () { try { yield* session.get(server.url); } catch {} });
      createTask(function* () {
        while (server.pending === 0) yield* sleep(0);
        process.kill(process.pid, 'SIGTERM');
        yield* sleep(0.05);
        process.kill(process.pid, 'SIGTERM');
      });
      yield* server.serveForever();
      yield* session.close();
    });`,
    () => {},
  );
  expect([twice.code, twice.stdout]).toEqual([0, 'begun\ncancelled\n']);
  const own = await runChild(
    `${IMPORTS} await run(function* () {
      const server = yield* serve({ fetch: () => new Response('x') });
      process.on('SIGTERM', () => { console.log('own'); server.close(); });
      setTimeout(() => process.kill(process.pid, 'SIGTERM'), 10);
      yield* server.serveForever();
      console.log(process.listenerCount('SIGTERM'));
    });`,
    () => {},
  );
  expect([own.code, own.stdout.split('\n')[0]]).toEqual([0, 'own']);
});
