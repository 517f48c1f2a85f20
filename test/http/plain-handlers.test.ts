// Handlers that are plain functions: what they return decides, each time anew, whether there is a
// task, and what they call finds it as if it had been there from the beginning.
import { ContextVar, createTask, currentTask, getRunningLoop, run, sleep, timeout } from 'oxbow';
import { ClientSession, Response, serve } from 'oxbow/http';

const user = new ContextVar('user', { default: 'nobody' });
const nameOf = (): string | null => currentTask()?.getName() ?? null;

async function later(): Promise<Response> {
  user.set('later');
  const before = nameOf();
  await sleep(0);
  expect(nameOf()).toBe(before);
  return new Response(`later ${user.get()}`);
}

async function timed(): Promise<Response> {
  await timeout(60, () => sleep(0));
  return new Response('timed');
}

const left: (string | null)[] = [];
async function leftRunning(): Promise<void> {
  await sleep(0);
  left.push(nameOf());
}

/** What the handler does for each path. */
const PATHS: Record<string, () => unknown> = {
  '/now': () => new Response(`now ${user.get()}`),
  '/later': later,
  '/timed': timed,
  '/left': () => {
    void leftRunning();
    return new Response('left');
  },
  '/asks': () => {
    user.set('asks');
    return new Response(`${nameOf() === null} ${user.get()}`);
  },
  '/throws': () => {
    throw new Error('at once');
  },
  '/asks-and-throws': () => {
    throw new Error(`in ${nameOf()}`);
  },
  '/rejects': () => Promise.reject(new Error('later')),
  '/odd': () => ({
    get then() {
      throw new Error('whoever looks at it');
    },
  }),
  '/generator': () =>
    (function* () {
      yield* sleep(0);
      return new Response('generator');
    })(),
  '/future': () =>
    createTask(function* () {
      yield* sleep(0);
      return new Response('future');
    }),
  '/thenable': () => ({
    then: (given: (response: Response) => void) => {
      void sleep(0).then(() => given(new Response('thenable')));
    },
  }),
};

const ANSWERS: Record<string, string> = {
  '/now': '200 now nobody',
  '/later': '200 later later',
  '/timed': '200 timed',
  '/left': '200 left',
  '/asks': '200 false asks',
  '/throws': '500 Internal Server Error',
  '/asks-and-throws': '500 Internal Server Error',
  '/rejects': '500 Internal Server Error',
  '/odd': '500 Internal Server Error',
  '/generator': '200 generator',
  '/future': '200 future',
  '/thenable': '200 thenable',
};

function serving(body: (ask: (path: string) => Promise<string>) => Promise<void>): Promise<void> {
  return run(async () => {
    // What handlers throw is reported.
    getRunningLoop().setExceptionHandler(() => {});
    const server = await serve({ fetch: (request) => PATHS[request.path]!() as Response });
    await using session = new ClientSession({ baseUrl: server.url });
    await body(async (path) => {
      const response = await session.get(path);
      return `${response.status} ${await response.text()}`;
    });
    server.close();
    await server.waitClosed();
  });
}

test('each answer after each other, whatever the one before was', () =>
  serving(async (ask) => {
    const paths = Object.keys(PATHS);
    for (const first of paths) {
      for (const second of paths) {
        expect([first, await ask(first)]).toEqual([first, ANSWERS[first]]);
        expect([second, await ask(second)]).toEqual([second, ANSWERS[second]]);
      }
    }
  }));

test('all of them at once', () =>
  serving(async (ask) => {
    const paths = Array.from({ length: 10 }, () => Object.keys(PATHS)).flat();
    const answers = await Promise.all(paths.map(ask));
    expect(answers).toEqual(paths.map((path) => ANSWERS[path]));
  }));

test('a callback behind a handler, however that ended, has no task', () =>
  serving(async (ask) => {
    for (const path of Object.keys(PATHS)) {
      const asking = ask(path);
      const names: (string | null)[] = [];
      let isOver = false;
      const look = (): void => {
        names.push(nameOf());
        if (!isOver) getRunningLoop().callSoon(look);
      };
      look();
      names.length = 0;
      await asking;
      isOver = true;
      expect([path, new Set(names)]).toEqual([path, new Set([null])]);
    }
  }));

test('what a handler leaves running has the loop, and no task', () =>
  serving(async (ask) => {
    left.length = 0;
    for (const path of ['/left', '/now', '/left', '/later', '/left']) await ask(path);
    for (let turn = 0; left.length < 3 && turn < 100; turn++) await sleep(0);
    expect(left).toEqual([null, null, null]);
  }));

test('a handler that is cancelled while it waits, after answers that came at once', () =>
  run(async () => {
    const seen: string[] = [];
    let waits = (): void => {};
    const waiting = new Promise<void>((done) => (waits = done));
    const server = await serve({
      cancelOnDisconnect: true,
      fetch: (request) => (request.path === '/now' ? new Response('now') : forEver()),
    });
    async function forEver(): Promise<Response> {
      try {
        waits();
        await sleep(3600);
      } catch (error) {
        seen.push((error as Error).name);
        throw error;
      }
      return new Response('never');
    }
    await using session = new ClientSession({ baseUrl: server.url });
    for (let n = 0; n < 3; n++) expect(await (await session.get('/now')).text()).toBe('now');
    const asking = session.get('/wait');
    await waiting;
    asking.cancel();
    await expect(asking).rejects.toMatchObject({ name: 'CancelledError' });
    for (let turn = 0; seen.length === 0 && turn < 10_000; turn++) await sleep(0);
    expect(seen).toEqual(['CancelledError']);
    server.close();
    await server.waitClosed();
  }));
