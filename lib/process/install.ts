/**
 * Adds the methods for processes and signals to EventLoop. Callers use them as methods of the loop,
 * but core must not depend on this room, so they are added from here; importing `oxbow` does that.
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
     * Starts a program with the protocol that `protocolFactory()` returns. Its stdin, stdout and
     * stderr are pipes by default; the other options are those of `createSubprocessExec`.
     *
     * @param args - its arguments, optionally followed by options
     * @returns a future of `[transport, protocol]`; cancelling it kills the child
     * @throws as `createSubprocessExec`; TypeError when `protocolFactory` is not a function, or
     *   does not return a protocol
     */
    subprocessExec<P extends SubprocessProtocol>(
      protocolFactory: SubprocessProtocolFactory<P>,
      program: string,
      ...args: ArgumentsAndOptions<SpawnOptions>
    ): Future<[SubprocessTransport, P]>;
    /** The same for a command that `/bin/sh` runs; see `createSubprocessShell`. */
    subprocessShell<P extends SubprocessProtocol>(
      protocolFactory: SubprocessProtocolFactory<P>,
      command: string,
      options?: SpawnOptions,
    ): Future<[SubprocessTransport, P]>;
    /**
     * Calls `callback(...args)` in a turn of this loop each time the signal arrives, in the context
     * of this call; a second call for the same signal replaces the first. `SIGINT` and `SIGTERM`
     * then no longer cancel main. Listeners of `process.on`, and handlers of other loops, are
     * called as well. The handler lasts until the loop is closed and keeps the process alive; it
     * also works under `runSync`.
     *
     * @throws RangeError for a name that this system does not have; RuntimeError for signals that
     *   cannot be handled (`SIGKILL`, `SIGSTOP`, `SIGSEGV`, `SIGBUS`, `SIGFPE`, `SIGILL`), and in a
     *   worker; TypeError when `callback` is not a function, or is a coroutine function
     * @example loop.addSignalHandler('SIGHUP', () => reload());
     */
    addSignalHandler<A extends unknown[]>(
      signal: SignalName,
      callback: Callback<A>,
      ...args: A
    ): void;
    /**
     * Removes the handler of `addSignalHandler`: the signal has its previous effect again.
     * @returns whether there was a handler
     * @throws RangeError for a name that this system does not have
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
