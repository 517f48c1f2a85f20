/** Sockets that were passed on by an earlier process of the same program (`handOver`). */
import { closeSync, writeSync } from 'node:fs';

import { isMainThread } from '../../core/support/worker-threads.ts';
import { Socket } from '../../io/socket.ts';

/** The environment variable with a {@link HandedOver} as JSON. */
export const VARIABLE = 'OXBOW_HANDED_OVER';

/** What the earlier process passes on. */
export interface HandedOver {
  /** For each server an identifier of its places (`nameOf`), and the descriptors of its sockets. */
  readonly sockets: readonly (readonly [where: string, descriptors: readonly number[]])[];
  /** The descriptor of a pipe on which the earlier process waits until all of them are in use. */
  readonly ready: number;
}

/** What was not taken yet; null until the variable is read. */
let left: HandedOver['sockets'] | null = null;
let ready = -1;

function look(): HandedOver['sockets'] {
  if (left !== null) return left;
  const text = isMainThread() ? process.env[VARIABLE] : undefined;
  if (text === undefined) return (left = []);
  // Child processes must not mistake the sockets for theirs.
  delete process.env[VARIABLE];
  const said = JSON.parse(text) as HandedOver;
  ({ ready } = said);
  return (left = said.sockets);
}

/**
 * Takes the sockets for these places; if there are several servers with the same places, those of
 * the first. Null when there are none.
 */
export function takeHandedOver(where: string): Socket[] | null {
  const found = look().find(([place]) => place === where);
  if (found === undefined) return null;
  left = look().filter((each) => each !== found);
  return found[1].map((descriptor) => Socket.from(descriptor));
}

/** Reports that sockets taken are in use. When all are, this tells the earlier process. */
export function handedOverServes(): void {
  if (ready < 0 || look().length > 0) return;
  writeSync(ready, 'ready');
  closeSync(ready);
  ready = -1;
}
