/**
 * What Node does between two callbacks: `process.nextTick`, then microtasks, until there are none.
 *
 * It does so when a callback returns to C++. Its own timers, of which many run in one callback, do
 * it between two of them with a function that the process object has had since Node 0.10, under a
 * name with an underscore. Ours do the same, so that a turn in which C++ has nothing to do need not
 * go by way of it. Where a Node to come has the function no more, or `--pending-deprecation` has
 * put a warning around it, every turn goes that way.
 */
import { loadAddon } from '../../native/load.ts';

const tick = find();

function find(): (() => void) | null {
  const { _tickCallback: found } = process as { _tickCallback?: unknown };
  if (typeof found !== 'function') return null;
  const wrapped = Object.getPrototypeOf(found) !== Object.getPrototypeOf(process.nextTick);
  return wrapped ? null : (found as () => void);
}

/** @returns whether it was done; else it is to be left to C++ */
export function runTicks(): boolean {
  if (tick === null) return false;
  try {
    tick();
    return true;
  } catch (error) {
    // A callback of nextTick has thrown, and Node's stack of async ids is as it was in there. That
    // must not be so when we return to C++; Node puts it right when the error is reported to it.
    loadAddon().tellUncaught(error);
    return false;
  }
}
