import { making } from '../tasks/making.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import { checkObject } from '../core/support/options.ts';
import type { Coro } from '../core/support/types.ts';
import { sleep } from '../tasks/sleep.ts';
import { loopWithNetwork } from '../net/running-loop.ts';
import { checkLimit, DEFAULT_LIMIT } from '../net/stream-reader.ts';
import { checkFactory } from '../net/protocol.ts';
import type { SpawnRequest } from '../native/binding.ts';
import { startChild } from './child.ts';
import { type SpawnOptions, spawnRequest } from './options.ts';
import { Process } from './process.ts';
import type { SubprocessProtocol } from './subprocess-protocol.ts';
import { checkSubprocessProtocol, SubprocessTransport } from './subprocess-transport.ts';

/** Options of `createSubprocessExec` and `createSubprocessShell`. */
export interface SubprocessOptions extends SpawnOptions {
  /** The buffer limit of the readers of stdout and stderr, in bytes; 1 MiB by default. */
  limit?: number;
}

/** Creates the protocol of one child. */
export type SubprocessProtocolFactory<P extends SubprocessProtocol = SubprocessProtocol> = () => P;

/** The arguments after the program: its own arguments, and optionally options. */
export type ArgumentsAndOptions<O> = [...args: string[]] | [...args: string[], options: O];

/** The shell that runs the command of `createSubprocessShell`. */
const SHELL = '/bin/sh';

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
export function createSubprocessExec(
  program: string,
  ...args: ArgumentsAndOptions<SubprocessOptions>
): Future<Process> {
  const where = 'createSubprocessExec()';
  const [words, options] = split<SubprocessOptions>(where, args);
  return startProcess(where, [program, ...words], options);
}

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
export function createSubprocessShell(
  command: string,
  options: SubprocessOptions = {},
): Future<Process> {
  return startProcess('createSubprocessShell()', [SHELL, '-c', command], options);
}

function startProcess(
  where: string,
  words: readonly unknown[],
  options: SubprocessOptions,
): Future<Process> {
  const loop = loopWithNetwork(where);
  checkObject(where, options);
  const { limit = DEFAULT_LIMIT, ...others } = options;
  checkLimit(limit);
  const request = spawnRequest(where, words, others, ['limit']);
  loop._checkClosed();
  const starting = loop.createTask(function* (): Coro<Process> {
    const child = new Process(loop, yield* startChild(loop, where, request), limit);
    yield* begun(child, () => child.wait());
    return child;
  });
  return making(starting, (child) => child.close());
}

/**
 * The pipes start in the next turn. If the call is cancelled before that, nobody has the child, so
 * it is killed.
 */
function* begun(child: { close(): void }, ended: () => Future<unknown>): Coro<void> {
  try {
    yield* sleep(0);
  } catch (error) {
    child.close();
    yield* ended();
    throw error;
  }
}

/** Implements `loop.subprocessExec`. */
export function subprocessExecIn<P extends SubprocessProtocol>(
  loop: EventLoop,
  protocolFactory: SubprocessProtocolFactory<P>,
  program: string,
  args: ArgumentsAndOptions<SpawnOptions>,
): Future<[SubprocessTransport, P]> {
  const where = 'subprocessExec()';
  const [words, options] = split<SpawnOptions>(where, args);
  return startTransport(loop, where, protocolFactory, [program, ...words], options);
}

/** Implements `loop.subprocessShell`. */
export function subprocessShellIn<P extends SubprocessProtocol>(
  loop: EventLoop,
  protocolFactory: SubprocessProtocolFactory<P>,
  command: string,
  options: SpawnOptions = {},
): Future<[SubprocessTransport, P]> {
  const words = [SHELL, '-c', command];
  return startTransport(loop, 'subprocessShell()', protocolFactory, words, options);
}

function startTransport<P extends SubprocessProtocol>(
  loop: EventLoop,
  where: string,
  protocolFactory: SubprocessProtocolFactory<P>,
  words: readonly unknown[],
  options: SpawnOptions,
): Future<[SubprocessTransport, P]> {
  checkFactory(protocolFactory);
  checkObject(where, options);
  // The defaults of asyncio: with streams the child inherits our stdio, with protocols it has
  // pipes.
  const piped = { stdin: 'pipe', stdout: 'pipe', stderr: 'pipe', ...options } as const;
  const request = spawnRequest(where, words, piped);
  loop._checkClosed();
  const starting = loop.createTask(() => openTransport(loop, where, protocolFactory, request));
  return making(starting, ([transport]) => transport.close());
}

function* openTransport<P extends SubprocessProtocol>(
  loop: EventLoop,
  where: string,
  protocolFactory: SubprocessProtocolFactory<P>,
  request: SpawnRequest,
): Coro<[SubprocessTransport, P]> {
  const protocol = protocolFactory();
  checkSubprocessProtocol(protocol);
  const child = yield* startChild(loop, where, request);
  const transport = new SubprocessTransport(loop, child, protocol);
  try {
    transport._begin();
  } catch (error) {
    transport.close();
    throw error;
  }
  yield* begun(transport, () => sleep(0));
  return [transport, protocol];
}

function split<O>(
  where: string,
  args: readonly unknown[],
): [words: readonly unknown[], options: O] {
  const last = args.at(-1);
  if (args.length === 0 || typeof last === 'string') return [args, {} as O];
  checkObject(where, last);
  return [args.slice(0, -1), last as O];
}
