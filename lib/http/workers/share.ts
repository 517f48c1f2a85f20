/** What a thread of `serve({ workers })` has been given, and how it is spoken with. */
import type { MessagePort } from 'node:worker_threads';

import { isMainThread, workerThreads } from '../../core/support/worker-threads.ts';
import { RuntimeError } from '../../core/errors/errors.ts';
import { Socket } from '../../io/socket.ts';
import type { RunningServer } from './running-server.ts';

/** Under this name it stands in `workerData`. */
export const SHARE = 'oxbow:serve';

/** What a thread begins with. */
export interface Share {
  /** Where it says what becomes of its server, and hears what it shall do. */
  readonly port: MessagePort;
  /** Sockets that it accepts from; it makes copies of them. */
  readonly descriptors: readonly number[];
  /** Where it writes how many connections it has. */
  readonly gauge: Int32Array;
}

/** What the thread says: it listens; its server is closed. */
export type Said = 'listening' | 'closed';

/** Its commands. `timeout`: seconds, null for ever. `leave`: others accept in its place. */
export type Told =
  | { readonly what: 'shutdown' | 'leave'; readonly timeout: number | null }
  | { readonly what: 'close' };

/** Who can say how many connections it has. */
interface Gauged {
  _gauge: Int32Array | null;
}

let taken = false;

/**
 * The share of this thread; null in the main thread, which then has threads to start.
 * @throws RuntimeError in a thread that was not started by it, and at a second call
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

/** Copies of its sockets, which are this thread's own. */
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

/** Tells the main thread of the server, and lets that end it. */
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
