/** What a thread of `serve({ workers })` gets from the main thread, and their messages. */
import type { MessagePort } from 'node:worker_threads';

import { isMainThread, workerThreads } from '../../core/support/worker-threads.ts';
import { RuntimeError } from '../../core/errors/errors.ts';
import { Socket } from '../../io/socket.ts';
import type { RunningServer } from './running-server.ts';

/** The key of the Share in `workerData`. */
export const SHARE = 'oxbow:serve';

/** What a thread gets at its start. */
export interface Share {
  /** The port to the main thread: the thread reports on its server, and gets commands. */
  readonly port: MessagePort;
  /** The sockets from which it accepts; it makes copies of them. */
  readonly descriptors: readonly number[];
  /** Shared memory for its number of connections. */
  readonly gauge: Int32Array;
}

/** The reports of a thread: its server listens, or is closed. */
export type Said = 'listening' | 'closed';

/**
 * The commands to a thread. `timeout`: seconds, null for ever. `leave`: shut down while another
 * thread or process accepts in its place.
 */
export type Told =
  | { readonly what: 'shutdown' | 'leave'; readonly timeout: number | null }
  | { readonly what: 'close' };

/** A server that publishes how many connections it has. */
interface Gauged {
  _gauge: Int32Array | null;
}

let taken = false;

/**
 * Takes the share of this thread; null in the main thread, which starts the threads.
 * @throws RuntimeError in a thread that was not started by `serve({ workers })`, and at a second
 * call
 */
export function takeShare(): Share | null {
  if (isMainThread()) return null;
  const share = (workerThreads().workerData as { [SHARE]?: Share } | null)?.[SHARE];
  if (share === undefined) {
    throw new RuntimeError('serve({ workers }) starts threads, and belongs in the main thread');
  }
  if (taken) throw new RuntimeError('serve({ workers }) may be called once in a program');
  taken = true;
  return share;
}

/** Duplicates of the sockets, which this thread owns. */
export function copiesOf({ descriptors }: Share): Socket[] {
  return descriptors.map((descriptor) => {
    const shared = Socket.from(descriptor);
    try {
      return shared.dup();
    } finally {
      shared.detach();
    }
  });
}

/** Reports on the server to the main thread, and executes its commands. */
export function follow({ port, gauge }: Share, server: RunningServer & Gauged): void {
  server._gauge = gauge;
  const say = (what: Said): void => port.postMessage(what);
  port.on('message', (told: Told) => {
    if (told.what === 'close') server.close();
    else if (told.what === 'leave') void server._leave(told.timeout);
    else void server.shutdown({ timeout: told.timeout });
  });
  server.waitClosed().addDoneCallback(() => {
    say('closed');
    port.close();
  });
  say('listening');
}
