// serve({ workers }) and handOver, in a process of their own: threads that share a port, die, are
// replaced, and a second process that takes the sockets over while requests come in.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { run } from 'oxbow';
import { handOver, Response, serve } from 'oxbow/http';
import { programs } from '../process/cli-child.ts';

const folder = programs('workers');
afterAll(() => folder.remove());

/**
 * In the main thread it does what a line of stdin says, and prints a line of JSON for each. Every
 * answer names the process and the thread.
 */
const PROGRAM = `
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isMainThread, threadId } from 'node:worker_threads';
import { getRunningLoop, run } from 'oxbow';
import { handOver, Response, serve } from 'oxbow/http';

const options = JSON.parse(process.argv[2]);
const say = (what) => process.stdout.write(JSON.stringify(what) + '\\n');
if (!isMainThread && existsSync(process.argv[3])) throw new Error('does not start');

function fetch(request) {
  if (request.path === '/die') setImmediate(() => { throw new Error('died'); });
  return new Response(process.pid + ':' + threadId);
}

await run(function* () {
  const server = yield* serve({ fetch, ...options });
  if (!isMainThread) return void (yield* server.serveForever());
  say({ pid: process.pid, port: server.port, workers: server.workers });
  const acts = {
    reload: () => server.reload(),
    handOver: () => handOver({ timeout: 5, startTimeout: 20 }),
    shutdown: () => server.shutdown({ timeout: 5 }),
    connections: () => server.connections,
  };
  const loop = getRunningLoop();
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (name) => loop.createTask(function* () {
    try {
      const done = acts[name]();
      say({ [name]: (typeof done === 'object' ? yield* done : done) ?? null });
    } catch (error) {
      say({ [name]: 'failed', message: error.message });
    }
  }()));
  yield* server.serveForever();
  lines.close();
  say({ ended: process.pid });
});
`;

let programsSoFar = 0;

/** A program that runs; what it prints is read line by line. */
class Running {
  readonly child: ChildProcess;
  readonly stops: string;
  stderr = '';
  readonly #lines: AsyncIterator<string>;

  /** @param stopped - threads do not start */
  constructor(options: object, stopped: boolean) {
    const file = folder.write('program.mjs', PROGRAM);
    this.stops = join(folder.folder, `stops-${++programsSoFar}`);
    if (stopped) this.stopThreads();
    this.child = spawn(process.execPath, [file, JSON.stringify(options), this.stops], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.#lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  /** From now on none starts. */
  stopThreads(): void {
    writeFileSync(this.stops, '');
  }

  /** The next thing it says. */
  async said(): Promise<any> {
    const { done, value } = await this.#lines.next();
    if (done === true) throw new Error(`it said nothing more; stderr:\n${this.stderr}`);
    return JSON.parse(value) as unknown;
  }

  async tell(name: string): Promise<any> {
    this.child.stdin!.write(`${name}\n`);
    return this.said();
  }

  ended(): Promise<number | null> {
    const { child } = this;
    if (child.exitCode !== null) return Promise.resolve(child.exitCode);
    return new Promise((resolve) => child.once('exit', resolve));
  }
}

async function withProgram(
  options: object,
  body: (running: Running) => Promise<void>,
  stopped = false,
): Promise<void> {
  const running = new Running(options, stopped);
  try {
    await body(running);
  } finally {
    running.child.kill('SIGKILL');
    await running.ended();
  }
}

/** A request over a connection of its own: `pid:thread`. */
function ask(where: { port: number } | { socketPath: string }, path = '/'): Promise<string> {
  return new Promise((resolve, reject) => {
    http
      .get({ ...where, host: '127.0.0.1', path, agent: false }, (response) => {
        let text = '';
        response.on('data', (piece) => (text += String(piece)));
        response.on('end', () => resolve(text));
        response.on('error', reject);
      })
      .on('error', reject);
  });
}

/** Asks until so many threads have answered. @returns who they are */
async function threadsAt(where: { port: number } | { socketPath: string }, count: number) {
  const seen = new Set<string>();
  while (seen.size < count) seen.add(await ask(where));
  return seen;
}

test('threads share a port; one that dies is replaced; shutdown ends all', () =>
  withProgram({ workers: 2 }, async (running) => {
    const { pid, port, workers } = await running.said();
    expect(workers).toBe(2);
    const before = await threadsAt({ port }, 2);
    for (const each of before) expect(each.startsWith(`${pid}:`)).toBe(true);
    const died = await ask({ port }, '/die');
    const after = new Set<string>();
    while (![...after].some((each) => !before.has(each))) {
      // What a dying thread has accepted goes with it; what waits for it does not.
      const reset = (error: { code?: string }): string => {
        expect(error.code).toBe('ECONNRESET');
        return died;
      };
      after.add(await ask({ port }).catch(reset));
    }
    expect(running.stderr).toContain('a thread of serve({ workers }) has died');
    expect(running.stderr).toContain('Error: died');
    expect(before.has(died)).toBe(true);
    expect(await running.tell('shutdown')).toEqual({ ended: pid });
    await expect(ask({ port })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(await running.ended()).toBe(0);
  }));

test('reload starts all threads anew; when one does not start, the old ones stay', () =>
  withProgram({ workers: 2 }, async (running) => {
    const { port } = await running.said();
    const before = await threadsAt({ port }, 2);
    expect(await running.tell('reload')).toEqual({ reload: null });
    const seen = new Set<string>();
    while ([...seen].filter((each) => !before.has(each)).length < 2) seen.add(await ask({ port }));
    running.stopThreads();
    const failed = await running.tell('reload');
    expect(failed).toEqual({ reload: 'failed', message: 'does not start' });
    expect((await ask({ port })).length).toBeGreaterThan(0);
  }));

test('what the main thread cannot have ends the program', () =>
  withProgram({ workers: 2, unix: join(folder.folder, 'no/such/folder') }, async (running) => {
    await expect(running.said()).rejects.toThrow('ENOENT');
    expect(await running.ended()).toBe(1);
  }));

test('a program that does not start in its threads', () =>
  withProgram(
    { workers: 2, port: 0 },
    async (running) => {
      await expect(running.said()).rejects.toThrow('does not start');
      expect(await running.ended()).toBe(1);
    },
    true,
  ));

test('threads share a Unix socket, whose file goes with the server', async () => {
  const socketPath = join(folder.folder, 'socket');
  await withProgram({ workers: 2, unix: socketPath }, async (running) => {
    const { pid, port } = await running.said();
    expect(port).toBe(0);
    expect((await ask({ socketPath })).startsWith(`${pid}:`)).toBe(true);
    expect(await running.tell('connections')).toEqual({ connections: expect.any(Number) });
    await running.tell('shutdown');
    expect(await running.ended()).toBe(0);
    expect(existsSync(socketPath)).toBe(false);
  });
});

/** Requests that never stop coming: on connections that are kept, and on new ones. */
class Load {
  readonly answers = new Set<string>();
  count = 0;
  readonly failures: unknown[] = [];
  #stopped = false;
  readonly #all: Promise<void>[];
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 4 });

  constructor(port: number) {
    this.#all = [this.#agent, this.#agent, this.#agent, false, false, false].map((agent) =>
      this.#ask({ port, host: '127.0.0.1', agent: agent as http.Agent | false }),
    );
  }

  async #ask(options: http.RequestOptions): Promise<void> {
    while (!this.#stopped) {
      await new Promise<void>((resolve) => {
        const failed = (error: unknown): void => {
          this.failures.push(error);
          this.#stopped = true;
          resolve();
        };
        http
          .get(options, (response) => {
            let text = '';
            response.on('data', (piece) => (text += String(piece)));
            response.on('error', failed);
            response.on('end', () => {
              this.answers.add(text.split(':')[0]!);
              this.count++;
              resolve();
            });
          })
          .on('error', failed);
      });
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#all);
    this.#agent.destroy();
  }
}

test.each([{}, { workers: 2 }])(
  'handOver with %j: the next process goes on, and no request fails',
  (options) =>
    withProgram(options, async (running) => {
      const { pid, port } = await running.said();
      const load = new Load(port);
      let next = { pid: 0 };
      try {
        running.child.stdin!.write('handOver\n');
        // One from each process, in any order.
        const said = [await running.said(), await running.said()];
        next = said.find((each) => 'pid' in each) as { pid: number };
        expect(next).toMatchObject({ port });
        expect(said).toContainEqual({ handOver: next.pid });
        // The old one has ended while requests went on coming.
        expect(await running.said()).toEqual({ ended: pid });
        await load.stop();
        expect(load.failures).toEqual([]);
        expect([...load.answers].sort()).toEqual([String(pid), String(next.pid)].sort());
        expect((await ask({ port })).startsWith(`${next.pid}:`)).toBe(true);
      } finally {
        await load.stop();
        if (next.pid !== 0) process.kill(next.pid, 'SIGKILL');
      }
    }),
);

test('handOver to a process that does not serve: this one goes on', () =>
  withProgram({ workers: 1 }, async (running) => {
    const { pid, port } = await running.said();
    running.stopThreads();
    expect(await running.tell('handOver')).toEqual({
      handOver: 'failed',
      message: 'the new process ended before it served (code 1)',
    });
    expect((await ask({ port })).startsWith(`${pid}:`)).toBe(true);
  }));

test('what makes no sense is refused', () =>
  run(function* () {
    const fetch = (): Response => new Response('');
    expect(() => serve({ fetch, workers: 0 })).toThrow(/workers must be an integer from 1/);
    expect(() => serve({ fetch, workers: 'many' as never })).toThrow(/workers/);
    expect(() => handOver()).toThrow();
    expect(() => handOver({ timout: 1 } as never)).toThrow("did you mean 'timeout'?");
  }));
