/**
 * File system calls: in Node's thread pool if the loop runs inside Node's, synchronous if it owns
 * its thread.
 */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Coro } from '../../core/support/types.ts';
import { closeFile } from '../message/open-file.ts';
import { promise } from '../../tasks/promise.ts';

type Call = 'stat' | 'fstat' | 'open' | 'realpath' | 'readdir';

/** `fs.realpath` resolves step by step in JavaScript; `native` is one system call. */
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
 * Calls a function of `node:fs`. `stat` and `fstat` return bigints. If the wait for an `open` is
 * cancelled, the file is closed when it is opened.
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
