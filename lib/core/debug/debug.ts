/** Debug mode: checks and timings that are too expensive to have on always. */
import type { LoopCore } from '../contract/loop-core.ts';
import { describe } from '../support/describe.ts';
import { RuntimeError } from '../errors/errors.ts';
import { runningLoop } from '../context/running.ts';

/**
 * Whether any loop of this thread has ever been in debug mode, for checks in places that know no
 * loop. While none was, such a check costs the test of this flag.
 */
export const debugging: { on: boolean } = { on: false };

/** Whether loops start in debug mode: OXBOW_DEBUG in the environment, set and not 0. */
export function debugDefault(): boolean {
  const value = process.env['OXBOW_DEBUG'];
  return value !== undefined && value !== '' && value !== '0';
}

/** Switches debug mode; handles, futures and tasks that exist already are not affected. */
export function setDebugMode(loop: LoopCore, debug: boolean): void {
  loop._debug = debug;
  loop._observed = debug || loop._observer !== null;
  if (debug) debugging.on = true;
}

/** Functions whose call runs nothing, or returns a Promise whose error nobody would see. */
const COROUTINE_FUNCTIONS: readonly string[] = [
  'GeneratorFunction',
  'AsyncFunction',
  'AsyncGeneratorFunction',
];

/** @throws TypeError for what cannot be a callback */
export function checkCallback(name: string, callback: unknown, debug: boolean): void {
  if (typeof callback !== 'function') {
    throw new TypeError(`a function was expected by ${name}(), got ${describe(callback)}`);
  }
  const tag = (callback as { [Symbol.toStringTag]?: string })[Symbol.toStringTag];
  if (debug && tag !== undefined && COROUTINE_FUNCTIONS.includes(tag)) {
    throw new TypeError(`coroutines cannot be used with ${name}(); createTask() starts them`);
  }
}

/** True inside `anywhere`: the call may be made while another loop is running. */
let exempt = false;

/** Runs `call` exempt from `checkLoop` (for `callSoonThreadsafe`). */
export function anywhere<T>(call: () => T): T {
  const before = exempt;
  exempt = true;
  try {
    return call();
  } finally {
    exempt = before;
  }
}

/**
 * Checks that a loop is not used by code that another loop runs. In one thread that does no harm,
 * but such a program has mixed up its loops, and breaks once each has its own thread.
 *
 * @throws RuntimeError when a loop other than this one is running the caller
 */
export function checkLoop(loop: LoopCore): void {
  const running = runningLoop();
  if (running === null || running === loop || exempt) return;
  throw new RuntimeError(
    'Non-thread-safe operation invoked on an event loop other than the ' +
      'current one; callSoonThreadsafe() may be called from anywhere',
  );
}

/** Warns of an entry of the ready queue that held up everything else. */
export function warnSlow(loop: LoopCore, what: string, seconds: number): void {
  loop._warn(`Executing ${what} took ${seconds.toFixed(3)} seconds`);
}
