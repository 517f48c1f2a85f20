/** Calls of Node's file system in its threads; at once where the loop owns its thread. */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Coro } from '../../core/support/types.ts';
import { closeFile } from '../message/open-file.ts';
import { promise } from '../../tasks/promise.ts';

type Call = 'stat' | 'fstat' | 'open' | 'realpath' | 'readdir';

/** What `fs.realpath` does in JavaScript, step by step, the system does in one. */
function functionOf(call: Call): (...args: any[]) => void {
  const fs = process.getBuiltinModule('node:fs');
  return call === 'realpath' ? fs.realpath.native : (fs[call] as (...args: any[]) => void);
}

function syncFunctionOf(call: Call): (...args: any[]) => unknown {
  const fs = process.getBuiltinModule('node:fs');
  return call === 'realpath' ? fs.realpathSync.native : (fs[`${call}Sync`] as () => unknown);
}

const BIGINT = { bigint: true };

/**
 * Sizes and times of `stat` and `fstat` are bigints. A file that was opened for nobody is closed.
 */
export function* fileCall<T>(loop: EventLoop, call: Call, ...given: unknown[]): Coro<T> {
  const args = call === 'stat' || call === 'fstat' ? [...given, BIGINT] : given;
  if (!loop._rides) return syncFunctionOf(call)(...args) as T;
  const result = new Promise<T>((resolve, reject) => {
    functionOf(call)(...args, (error: Error | null, value: T) =>
      error === null ? resolve(value) : reject(error),
    );
  });
  try {
    return yield* promise(result);
  } catch (error) {
    if (call === 'open')
      result.then((descriptor) => closeFile(loop, descriptor as number)).catch(() => {});
    throw error;
  }
}
