// A limit that strikes in any turn of a request ends it: time limits, signals and cancels, at every
// offset from the call, whatever the request waits for then.
import { AbortError, CancelledError, getRunningLoop } from 'oxbow';
import { ClientSession, ConnectionTimeoutError, ServerTimeoutError } from 'oxbow/http';
import type { RequestOptions } from 'oxbow/http';
import type { Task } from 'oxbow';
import { withRaw } from './client-support.ts';

/** More turns than any of the stages takes on its way to where it stays. */
const TURNS = 14;

const failure = (awaitable: PromiseLike<unknown>): Promise<any> =>
  Promise.resolve(awaitable).then(
    () => undefined,
    (error) => error,
  );

/** Calls `strike` so many turns from now; at once for 0. */
function inTurns(turns: number, strike: () => void): void {
  if (turns === 0) strike();
  else getRunningLoop().callSoon(inTurns, turns - 1, strike);
}

/** Lets time pass without a turn of the loop, so that a limit is due together with what comes. */
function block(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end;);
}

interface Stage {
  path: string;
  host?: string;
  method?: string;
  options?: () => RequestOptions;
  /** Another request has the only slot. */
  held?: boolean;
}

/** Where a request can stay for ever. */
const stages: Array<[name: string, stage: Stage]> = [
  ['waiting for a slot', { path: '/silent', held: true }],
  ['looking up the host', { path: '/silent', host: 'localhost' }],
  ['connecting, then waiting for the head', { path: '/silent' }],
  [
    'sending a body',
    {
      path: '/silent',
      method: 'POST',
      options: () => ({
        body: (async function* () {
          yield 'a';
          await new Promise(() => {});
        })(),
      }),
    },
  ],
  ['reading the body', { path: '/half' }],
  ['following redirections', { path: '/redirect' }],
  ['unpacking', { path: '/packed' }],
];

const answers: Record<string, string> = {
  '/half': 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf',
  '/redirect': 'HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n',
  '/again': 'HTTP/1.1 307 Again\r\nLocation: /silent\r\nContent-Length: 2\r\n\r\nok',
  '/packed': 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n\x1f\x8b',
  '/quick': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
};

/** Begins the request of a stage and ends it with `end`, `turns` turns later. */
async function endOf(
  url: string,
  stage: Stage,
  turns: number,
  limits: RequestOptions,
  end: (task: Task<any>) => void,
): Promise<any> {
  const session = new ClientSession({ limit: 1, timeout: null });
  const base = new URL(url);
  if (stage.host !== undefined) base.hostname = stage.host;
  const holder = stage.held === true ? session.get(new URL('/silent', base)) : null;
  const options = { ...stage.options?.(), ...limits };
  const task = getRunningLoop().createTask(
    function* () {
      const target = new URL(stage.path, base);
      const response = yield* session.request(stage.method ?? 'GET', target, options);
      return yield* response.text();
    },
    { eagerStart: true },
  );
  inTurns(turns, () => end(task));
  const error = await failure(task);
  holder?.cancel();
  if (holder !== null) await failure(holder);
  // The slot has come back.
  expect(await (await session.get(new URL('/quick', base))).text()).toBe('ok');
  await session.close();
  expect(session.connections).toBe(0);
  return error;
}

const beside = (body: (url: string) => Promise<void>): Promise<void> =>
  withRaw((socket) => {
    socket.on('data', (head) => {
      const answer = answers[String(head).split(' ')[1]!];
      if (answer !== undefined) socket.write(answer, 'latin1');
    });
  }, body);

describe.each(stages)('%s', (_name, stage) => {
  test('a signal', () =>
    beside(async (url) => {
      for (let turns = 0; turns < TURNS; turns++) {
        const stop = new AbortController();
        const limits = { signal: stop.signal };
        const error = await endOf(url, stage, turns, limits, () => stop.abort(turns));
        expect(error).toBeInstanceOf(AbortError);
        expect(error.cause).toBe(turns);
      }
    }));

  test('a cancel', () =>
    beside(async (url) => {
      for (let turns = 0; turns < TURNS; turns++) {
        expect(await endOf(url, stage, turns, {}, (task) => task.cancel())).toBeInstanceOf(
          CancelledError,
        );
      }
    }));

  test('the total', () =>
    beside(async (url) => {
      for (let turns = 0; turns < TURNS; turns++) {
        expect(await endOf(url, stage, turns, { timeout: '1ms' }, () => block(2))).toBeInstanceOf(
          ServerTimeoutError,
        );
      }
    }));

  test('the limit on connecting; behind it the total', () =>
    beside(async (url) => {
      for (let turns = 0; turns < TURNS; turns++) {
        // On a slow machine both would be due in one turn: where one must strike, the other waits.
        const connecting = stage.held === true || turns === 0;
        const total = connecting ? '1h' : '20ms';
        const timeout = { connect: '1ms', sockConnect: '1ms', total };
        const error = await endOf(url, stage, turns, { timeout }, () => block(2));
        expect(error).toBeInstanceOf(connecting ? ConnectionTimeoutError : ServerTimeoutError);
      }
    }));

  test('closing the session', () =>
    beside(async (url) => {
      for (let turns = 0; turns < TURNS; turns++) {
        const session = new ClientSession({ limit: 1, timeout: null });
        const holder = stage.held === true ? failure(session.get(new URL('/silent', url))) : null;
        const read = failure(
          (async () =>
            (
              await session.request(
                stage.method ?? 'GET',
                new URL(stage.path, url),
                stage.options?.() ?? {},
              )
            ).text())(),
        );
        inTurns(turns, () => void session.close());
        expect(await read).toMatchObject({ name: /^(Client|RuntimeError|InvalidURL)/ });
        await holder;
      }
    }));
});
