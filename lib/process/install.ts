/**
 * Puts the calls for processes and signals on EventLoop. They are methods of the loop for whoever
 * uses it, but core must not know of them, so they are added from here; importing `oxbow` does it.
 */
import { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import {
  type ArgumentsAndOptions,
  subprocessExecIn,
  subprocessShellIn,
  type SubprocessProtocolFactory,
} from './create-subprocess.ts';
import type { SpawnOptions } from './options.ts';
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
  }
}

const loopPrototype = EventLoop.prototype;

loopPrototype.subprocessExec = function subprocessExec(protocolFactory, program, ...args) {
  return subprocessExecIn(this, protocolFactory, program, args);
};

loopPrototype.subprocessShell = function subprocessShell(protocolFactory, command, options) {
  return subprocessShellIn(this, protocolFactory, command, options);
};
