/**
 * What Node does between two callbacks: `process.nextTick`, then microtasks, until there are none.
 *
 * Node does so when a callback returns to C++. Its own timers, many of which run in one callback,
 * do it between two timers with a function that the process object has had since Node 0.10, under a
 * name with an underscore. We use the same function, so that a turn in which C++ has nothing to do
 * need not return to it. If a future Node no longer has the function, or `--pending-deprecation`
 * has wrapped it in a warning, every turn returns to C++ instead.
 */
import { loadAddon } from '../../native/load.ts';

const tick = find();

function find(): (() => void) | null {
  const { _tickCallback: found } = process as { _tickCallback?: unknown };
  if (typeof found !== 'function') return null;
  const wrapped = Object.getPrototypeOf(found) !== Object.getPrototypeOf(process.nextTick);
  return wrapped ? null : (found as () => void);
}

/** @returns whether it was done; if not, return to C++, which does it */
export function runTicks(): boolean {
  if (tick === null) return false;
  try {
    tick();
    return true;
  } catch (error) {
    // A nextTick callback has thrown, and left Node's stack of async ids as it was inside it. It
    // must be restored before we return to C++; Node does so when the error is reported to it.
    loadAddon().tellUncaught(error);
    return false;
  }
}
