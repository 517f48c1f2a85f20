import type { Future } from '../core/future/future.ts';
import { type SpawnOptions } from './options.ts';
import { Process } from './process.ts';
import type { SubprocessProtocol } from './subprocess-protocol.ts';
/** How `createSubprocessExec` and `createSubprocessShell` start a program. */
export interface SubprocessOptions extends SpawnOptions {
    /** Limit of the readers of stdout and stderr in bytes; default 1 MiB. */
    limit?: number;
}
/** Makes the protocol of one child. */
export type SubprocessProtocolFactory<P extends SubprocessProtocol = SubprocessProtocol> = () => P;
/** What stands behind the program: its arguments, and perhaps options. */
export type ArgumentsAndOptions<O> = [...args: string[]] | [...args: string[], options: O];
/**
 * Starts a program with arguments, without a shell.
 *
 * Another thread starts it, in the order of the calls, so the loop does not stand still meanwhile,
 * however large this process is. Children of `node:child_process` and ours do not disturb each
 * other.
 *
 * @param program - a path, or a name that is looked for in PATH
 * @param args - its arguments, and at the end options
 * @returns a future; a cancel before it is done kills the child
 * @throws an error with a `code`, `ENOENT` when there is no such program (its message names it), or
 *   no such `cwd` (it says that); TypeError, RangeError for bad arguments. Then nothing has started
 * @example
 * const child = yield* createSubprocessExec('ls', '-l', { cwd: '/tmp', stdout: 'pipe' });
 * for await (const line of child.stdout) console.log(`${line}`);
 * const code = yield* child.wait();
 */
export declare function createSubprocessExec(program: string, ...args: ArgumentsAndOptions<SubprocessOptions>): Future<Process>;
/**
 * Gives a command to `/bin/sh`. What comes from elsewhere does not belong into it: use
 * `createSubprocessExec`, or put it into `env` and write `"$NAME"`.
 *
 * @param options - as for `createSubprocessExec`
 * @throws as `createSubprocessExec`; a program that the shell does not find is its exit code 127
 * @example
 * const child = yield* createSubprocessShell('ls | wc -l', { stdout: 'pipe' });
 * const [count] = yield* child.communicate();
 */
export declare function createSubprocessShell(command: string, options?: SubprocessOptions): Future<Process>;
