import type { Future } from '../core/future/future.ts';
import { type SpawnOptions } from './options.ts';
import { Process } from './process.ts';
import type { SubprocessProtocol } from './subprocess-protocol.ts';
/** Options of `createSubprocessExec` and `createSubprocessShell`. */
export interface SubprocessOptions extends SpawnOptions {
    /** The buffer limit of the readers of stdout and stderr, in bytes; 1 MiB by default. */
    limit?: number;
}
/** Creates the protocol of one child. */
export type SubprocessProtocolFactory<P extends SubprocessProtocol = SubprocessProtocol> = () => P;
/** The arguments after the program: its own arguments, and optionally options. */
export type ArgumentsAndOptions<O> = [...args: string[]] | [...args: string[], options: O];
/**
 * Starts a program with arguments, without a shell.
 *
 * Another thread starts it, in the order of the calls, so the loop does not stand still meanwhile,
 * however large this process is. Children of `node:child_process` and ours do not disturb each
 * other.
 *
 * @param program - a path, or a name that is searched for in PATH
 * @param args - its arguments, optionally followed by options
 * @returns a future of the process; a cancel before it is done kills the child
 * @throws an error with a `code`: `ENOENT` when there is no such program or no such `cwd` (the
 *   message says which); TypeError, RangeError for wrong arguments; RuntimeError when no loop is
 *   running, or in virtual time. Nothing was started then
 * @example
 * const child = yield* createSubprocessExec('ls', '-l', { cwd: '/tmp', stdout: 'pipe' });
 * for await (const line of child.stdout) console.log(`${line}`);
 * const code = yield* child.wait();
 */
export declare function createSubprocessExec(program: string, ...args: ArgumentsAndOptions<SubprocessOptions>): Future<Process>;
/**
 * Starts a command with `/bin/sh`. Never insert untrusted text into the command: use
 * `createSubprocessExec`, or pass the text in `env` and write `"$NAME"`.
 *
 * @param options - as for `createSubprocessExec`
 * @throws as `createSubprocessExec`; when the shell does not find a program, its exit code is 127
 * @example
 * const child = yield* createSubprocessShell('ls | wc -l', { stdout: 'pipe' });
 * const [count] = yield* child.communicate();
 */
export declare function createSubprocessShell(command: string, options?: SubprocessOptions): Future<Process>;
