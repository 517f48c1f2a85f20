import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

import { RuntimeError, TimeoutError } from '../../core/errors/errors.ts';
import type { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { type Duration, toSeconds, toTimeout } from '../../core/support/duration.ts';
import { checkOptions } from '../../core/support/options.ts';
import type { Coro } from '../../core/support/types.ts';
import { isMainThread } from '../../core/support/worker-threads.ts';
import { loopWithNetwork } from '../../net/running-loop.ts';
import { type HandedOver, VARIABLE } from './handed-over.ts';
import { handing } from './handing.ts';

/** The first descriptor after stdin, stdout and stderr. */
const FIRST = 3;

/** Options of `handOver`. */
export interface HandOverOptions {
  /**
   * How long the servers of this process may take for their remaining requests; 60 s by default,
   * null for ever.
   */
  timeout?: Duration | null;
  /** How long the new process may take to start serving; 60 s by default. */
  startTimeout?: Duration;
}

let under: ChildProcess | null = null;

/**
 * Restarts the program without its clients noticing: starts it again with the same arguments,
 * passes it the sockets on which all servers of this process listen, waits until it serves at each
 * of these places, and shuts the servers of this process down. Each request is answered by one
 * process or the other.
 *
 * The new process must call `serve` with the same `port`, `hostname`, `unix` and `fd`. If it does
 * not, ends, or takes longer than `startTimeout`, it is killed, and the servers of this process
 * continue.
 *
 * Cancel-safe: cancelling the wait before the new process serves kills it and changes nothing here.
 *
 * @returns the id of the new process, once it serves; the servers here end later, and with them
 * `serveForever`
 * @throws RuntimeError outside the main thread, when no server listens, while another call is in
 * progress, or when the new process ends; TimeoutError when it takes too long
 * @example
 * loop.addSignalHandler('SIGUSR2', () => void createTask(restart()));
 * function* restart() {
 *   console.log(`process ${yield* handOver()} goes on`);
 * }
 */
export function handOver(options: HandOverOptions = {}): Future<number> {
  checkOptions('handOver()', options, ['timeout', 'startTimeout']);
  const timeout = options.timeout === undefined ? 60 : toTimeout(options.timeout);
  const startTimeout = toSeconds(options.startTimeout ?? 60, 'startTimeout');
  const loop = loopWithNetwork('handOver()');
  if (!isMainThread()) throw new RuntimeError('handOver() belongs in the main thread');
  if (process.argv[1] === undefined) {
    throw new RuntimeError("handOver() starts the program's file again, and this one has none");
  }
  if (handing().length === 0)
    throw new RuntimeError('handOver(): no server of this process listens');
  if (under !== null) throw new RuntimeError('handOver() is under way already');
  return loop.createTask(change(loop, timeout, startTimeout), { eagerStart: true });
}

function* change(loop: EventLoop, timeout: number | null, startTimeout: number): Coro<number> {
  const places = handing();
  const ready = loop.createFuture<void>();
  const child = startAgain(places);
  under = child;
  const fail = (error: Error): void => {
    if (!ready.done()) ready.setException(error);
  };
  child.on('error', fail);
  child.on('exit', (code, signal) =>
    fail(new RuntimeError(`the new process ended before it served (${signal ?? `code ${code}`})`)),
  );
  const pipe = child.stdio.at(-1) as Readable;
  pipe.on('error', fail);
  pipe.once('data', () => {
    if (!ready.done()) ready.setResult(undefined);
  });
  const late = loop.callLater(startTimeout, () =>
    fail(new TimeoutError(`the new process did not serve within ${startTimeout} s`)),
  );
  try {
    yield* ready;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    under = null;
    late.cancel();
    pipe.destroy();
    // The new process outlives this one, which does not wait for it.
    child.removeAllListeners();
    child.on('error', () => {});
    child.unref();
  }
  for (const { server } of places) void server._leave(timeout);
  return child.pid!;
}

function startAgain(places: ReturnType<typeof handing>): ChildProcess {
  const descriptors: number[] = [];
  const sockets = places.map(({ where, server }): HandedOver['sockets'][number] => {
    const numbers = server._descriptors().map((each) => FIRST + descriptors.push(each) - 1);
    return [where, numbers];
  });
  const said: HandedOver = { sockets, ready: FIRST + descriptors.length };
  const { spawn } = process.getBuiltinModule('node:child_process');
  return spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    env: { ...process.env, [VARIABLE]: JSON.stringify(said) },
    stdio: ['inherit', 'inherit', 'inherit', ...descriptors, 'pipe'],
  });
}
