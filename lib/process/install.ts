/**
 * Puts the calls for processes and signals on EventLoop. They are methods of the loop for callers
 * that uses it, but core must not know of them, so they are added from here; importing `oxbow` does
 * it.
 */
import { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import type { Callback } from '../core/loop/handle.ts';
import {
  type ArgumentsAndOptions,
  subprocessExecIn,
  subprocessShellIn,
  type SubprocessProtocolFactory,
} from './create-subprocess.ts';
import type { SpawnOptions } from './options.ts';
import { addSignalHandlerIn, removeSignalHandlerIn, type SignalName } from './signals.ts';
import type { SubprocessProtocol } from './subprocess-protocol.ts';
import type { SubprocessTransport } from './subprocess-transport.ts';

declare module '../core/loop/event-loop.ts' {
  interface EventLoop {
    /**
     * Starts a program with the protocol that `protocolFactory()` makes. Its stdin, stdout and
     * stderr are pipes unless the options say otherwise, and otherwise they are those of
     * `createSubprocessExec`.
     *
     * @param args - its arguments, and at the end options
     * @returns a future of `[transport, protocol]`; cancelling it kills the child
     * @throws as `createSubprocessExec`
     */
    subprocessExec<P extends SubprocessProtocol>(
      protocolFactory: SubprocessProtocolFactory<P>,
      program: string,
      ...args: ArgumentsAndOptions<SpawnOptions>
    ): Future<[SubprocessTransport, P]>;
    /** The same for a command that `/bin/sh` runs. */
    subprocessShell<P extends SubprocessProtocol>(
      protocolFactory: SubprocessProtocolFactory<P>,
      command: string,
      options?: SpawnOptions,
    ): Future<[SubprocessTransport, P]>;
    /**
     * Calls `callback(...args)` in a turn of this loop each time that the signal comes, in the
     * context of this call; a second call replaces the first. `SIGINT` and `SIGTERM` then cancel
     * main no more. Listeners of `process.on` are called as ever, and so are other loops' handlers.
     * It goes with the loop, keeps the process alive until then, and works under `runSync` as well.
     *
     * @throws RangeError for a name that this system has not; RuntimeError for `SIGKILL`,
     *   `SIGSTOP` and the like of `SIGSEGV`, and in a worker; TypeError for a coroutine function
     * @example loop.addSignalHandler('SIGHUP', () => reload());
     */
    addSignalHandler<A extends unknown[]>(
      signal: SignalName,
      callback: Callback<A>,
      ...args: A
    ): void;
    /**
     * Takes `addSignalHandler` back: the signal does again what it did before.
     * @returns whether there was something to take back
     */
    removeSignalHandler(signal: SignalName): boolean;
  }
}

const loopPrototype = EventLoop.prototype;

loopPrototype.subprocessExec = function subprocessExec(protocolFactory, program, ...args) {
  return subprocessExecIn(this, protocolFactory, program, args);
};

loopPrototype.addSignalHandler = function addSignalHandler(signal, callback, ...args) {
  addSignalHandlerIn(this, signal, callback as Callback, args);
};

loopPrototype.removeSignalHandler = function removeSignalHandler(signal) {
  return removeSignalHandlerIn(this, signal);
};

loopPrototype.subprocessShell = function subprocessShell(protocolFactory, command, options) {
  return subprocessShellIn(this, protocolFactory, command, options);
};
