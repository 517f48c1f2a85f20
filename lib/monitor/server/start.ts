/**
 * Starts the monitor: a thread of its own that serves a Unix socket, so that it answers although
 * the loops of the program do not.
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

/** Where workers read that the process has a monitor. */
const HAS_MONITOR = 'oxbow.monitor';

/** Enough for the largest answers; beyond it the monitor's thread ends, and not the process. */
const MEMORY_MB = 256;

/** How long a look from outside may hold up the end of the process. */
const SESSION_MS = 2_500;

let running: Monitor | null = null;

/**
 * A monitor that runs.
 * @example
 * const monitor = startMonitor();
 * console.log(monitor.path); // /run/user/1000/oxbow/4711.sock
 */
export class Monitor {
  /** The Unix socket that `oxbow ps` and the others connect to. */
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
      // Node's permissions may forbid threads.
      this.#reporter.close();
      throw error;
    }
    if (this.#worker === null) return;
    workerThreads().setEnvironmentData(HAS_MONITOR, true);
    process.on('exit', this.#exit);
    endSessionsAtExit(this.#control);
  }

  /** With the main thread all others end, also one that is just about to say that it is there. */
  readonly #exit = (): void => {
    if (workerThreads().isMainThread) Atomics.store(this.#control, CONTROL_BOUND, 1);
    this.#removeSocket();
  };

  /** The process must not leave its socket behind. */
  #removeSocket(): void {
    if (Atomics.exchange(this.#control, CONTROL_BOUND, 0) === 0) return;
    try {
      unlinkSync(this.path);
    } catch {
      // Another process was faster, or it was never there.
    }
  }

  /** Stops looking, and removes the socket. A second call does nothing. */
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
 * Lets `oxbow ps`, `oxbow pstree` and `oxbow top` look at this process from outside, as
 * `OXBOW_MONITOR=1` in the environment does: at the loops of this thread, those that are made
 * later, and those of other threads in which this was called too. It costs a thread, and some
 * time for every callback; it does not keep the process alive.
 *
 * @returns the monitor; a second call gives the same one
 * @throws Error with code `ERR_OXBOW_MONITOR` when there is no safe place for the socket
 * @example startMonitor();
 */
export function startMonitor(): Monitor {
  running ??= new Monitor();
  return running;
}

function startThread(setup: MonitorSetup): Worker {
  requirePackage('the file that the thread of the monitor starts with');
  // Run from its sources this file is start.ts, compiled it is start.js.
  const file = import.meta.url.endsWith('.ts') ? './server-thread.ts' : './server-thread.js';
  const binary = process.env['OXBOW_BINARY'];
  const worker = new (workerThreads().Worker)(new URL(file, import.meta.url), {
    name: 'oxbow-monitor',
    workerData: setup,
    // Nothing of what the program was started with: `--import` would run the user's code again.
    argv: [],
    execArgv: [],
    env: binary === undefined ? {} : { OXBOW_BINARY: resolve(binary) },
    // Its output goes nowhere.
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

/** Of the monitors that were started: their threads may outlive `close()`. */
const controls: Int32Array[] = [];

function endSessionsAtExit(control: Int32Array): void {
  if (controls.push(control) === 1) process.on('exit', endSessions);
}

/**
 * A process that ends while a session of the inspector is open says so on stderr, and waits for the
 * session's end. That needs this thread, which must be running JavaScript for it; so it does.
 */
function endSessions(): void {
  const limit = sharedClockMs() + SESSION_MS;
  for (const control of controls) {
    Atomics.store(control, CONTROL_ENDING, 1);
    if (Atomics.load(control, CONTROL_SESSION) === 0) continue;
    while (Atomics.load(control, CONTROL_SESSION) !== 0 && sharedClockMs() < limit);
    // The end of the session, which was asked for just now, has a moment to be noticed.
    for (const end = sharedClockMs() + 1; sharedClockMs() < end;);
  }
}

/** Starts a monitor for the environment variable: a program must not fail because of it. */
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
