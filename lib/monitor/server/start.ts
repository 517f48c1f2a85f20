/**
 * Starts the monitor. It serves a Unix socket from a thread of its own, so that it answers even
 * when the program's loops do not.
 */
import { unlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Worker } from 'node:worker_threads';

import { showsText } from '../../core/support/shows-text.ts';
import { requirePackage } from '../../native/package-root.ts';
import { workerThreads } from '../../core/support/worker-threads.ts';
import {
  CONTROL_BOUND,
  CONTROL_BYTES,
  CONTROL_ENDING,
  CONTROL_SESSION,
} from '../asks-and-answers.ts';
import type { MonitorSetup } from '../asks-and-answers.ts';
import { sharedClockMs } from '../clock.ts';
import { prepareSocketPath } from './place.ts';
import { Reporter } from '../report/reporter.ts';

/** Key of the environment data by which workers see that the process has a monitor. */
const HAS_MONITOR = 'oxbow.monitor';

/**
 * Heap limit in megabytes: enough for the largest answers. Beyond it only the monitor's thread
 * ends, not the process.
 */
const MEMORY_MB = 256;

/** How long an inspector session may delay the end of the process. */
const SESSION_MS = 2_500;

let running: Monitor | null = null;

/**
 * A running monitor. Made by `startMonitor`.
 * @example
 * const monitor = startMonitor();
 * console.log(monitor.path); // /run/user/1000/oxbow/4711.sock
 */
export class Monitor {
  /** The path of the Unix socket that `oxbow ps`, `oxbow pstree` and `oxbow top` connect to. */
  readonly path: string;
  readonly #reporter: Reporter;
  readonly #worker: Worker | null;
  readonly #control: Int32Array;

  /** @internal */
  constructor() {
    const control = new SharedArrayBuffer(CONTROL_BYTES);
    this.#control = new Int32Array(control);
    this.path = prepareSocketPath();
    this.#reporter = new Reporter();
    try {
      const { getEnvironmentData, threadId } = workerThreads();
      this.#worker =
        getEnvironmentData(HAS_MONITOR) === true
          ? null
          : startThread({
              path: this.path,
              control,
              thread: threadId,
              shared: this.#reporter.shared.buffer,
              inboxes: this.#reporter.inboxes(),
              script: process.argv[1] ?? '',
              startedMs: sharedClockMs() - process.uptime() * 1000,
            });
    } catch (error) {
      // The thread may be forbidden by Node's permission model.
      this.#reporter.close();
      throw error;
    }
    if (this.#worker === null) return;
    workerThreads().setEnvironmentData(HAS_MONITOR, true);
    process.on('exit', this.#exit);
    endSessionsAtExit(this.#control);
  }

  /**
   * When the main thread ends, all others end too, perhaps just before they have set CONTROL_BOUND.
   * So it is set here, which lets the socket be removed in any case.
   */
  readonly #exit = (): void => {
    if (workerThreads().isMainThread) Atomics.store(this.#control, CONTROL_BOUND, 1);
    this.#removeSocket();
  };

  /** Removes the socket, which must not outlive the process. */
  #removeSocket(): void {
    if (Atomics.exchange(this.#control, CONTROL_BOUND, 0) === 0) return;
    try {
      unlinkSync(this.path);
    } catch {
      // Someone else has removed it, or it was never created.
    }
  }

  /** Stops the monitor and removes the socket. A second call does nothing. */
  close(): void {
    if (running !== this) return;
    running = null;
    this.#reporter.close();
    if (this.#worker === null) return;
    workerThreads().setEnvironmentData(HAS_MONITOR, undefined);
    process.removeListener('exit', this.#exit);
    this.#worker.postMessage('close');
    this.#removeSocket();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  toString(): string {
    return `<Monitor ${running === this ? 'at' : 'closed, was at'} ${this.path}>`;
  }
}

/**
 * Lets `oxbow ps`, `oxbow pstree` and `oxbow top` inspect this process from outside, like
 * `OXBOW_MONITOR=1` in the environment. It covers the loops of this thread, present and future, and
 * those of other threads that call this too. It costs a thread and a little time per callback; it
 * does not keep the process alive.
 *
 * @returns the monitor; a second call returns the same one
 * @throws Error with code `ERR_OXBOW_MONITOR` when there is no safe place for the socket
 * @example startMonitor();
 */
export function startMonitor(): Monitor {
  running ??= new Monitor();
  return running;
}

function startThread(setup: MonitorSetup): Worker {
  requirePackage('the file that the thread of the monitor starts with');
  // This file is start.ts when run from the sources, start.js when compiled.
  const file = import.meta.url.endsWith('.ts') ? './server-thread.ts' : './server-thread.js';
  const binary = process.env['OXBOW_BINARY'];
  const worker = new (workerThreads().Worker)(new URL(file, import.meta.url), {
    name: 'oxbow-monitor',
    workerData: setup,
    // No options of the program: `--import` would run the user's code again in this thread.
    argv: [],
    execArgv: [],
    env: binary === undefined ? {} : { OXBOW_BINARY: resolve(binary) },
    // Discards its output.
    stdout: true,
    stderr: true,
    trackUnmanagedFds: false,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  worker.on('error', (error) => {
    process.emitWarning(`the monitor has ended: ${String(error)}`, 'OxbowWarning');
  });
  worker.unref();
  return worker;
}

/** The control words of all monitors ever started: their threads may outlive `close()`. */
const controls: Int32Array[] = [];

function endSessionsAtExit(control: Int32Array): void {
  if (controls.push(control) === 1) process.on('exit', endSessions);
}

/**
 * Waits for open inspector sessions. Otherwise Node would print a message on stderr and wait for
 * the session itself. To close a session, this thread must be running JavaScript, so it waits in a
 * loop.
 */
function endSessions(): void {
  const limit = sharedClockMs() + SESSION_MS;
  for (const control of controls) {
    Atomics.store(control, CONTROL_ENDING, 1);
    if (Atomics.load(control, CONTROL_SESSION) === 0) continue;
    while (Atomics.load(control, CONTROL_SESSION) !== 0 && sharedClockMs() < limit);
    // Keep running JavaScript for a moment, so that the end of the session is processed.
    for (const end = sharedClockMs() + 1; sharedClockMs() < end;);
  }
}

/**
 * Starts the monitor for `OXBOW_MONITOR`: a failure is only a warning, since it must not stop a
 * program.
 */
export function startMonitorQuietly(): void {
  try {
    startMonitor();
  } catch (error) {
    const { threadId } = workerThreads();
    const where = threadId === 0 ? '' : ` of thread ${threadId}`;
    process.emitWarning(`the loops${where} cannot be looked at: ${String(error)}`, 'OxbowWarning');
  }
}

showsText(Monitor);
