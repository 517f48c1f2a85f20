/** Sockets that an earlier process of the same program has handed over (`handOver`). */
import { closeSync, writeSync } from 'node:fs';

import { isMainThread } from '../../core/support/worker-threads.ts';
import { Socket } from '../../io/socket.ts';

/** The variable that says so: a {@link HandedOver} as JSON. */
export const VARIABLE = 'OXBOW_HANDED_OVER';

/** What the earlier process says. */
export interface HandedOver {
  /** Where each server was asked to listen, and the descriptors of its sockets. */
  readonly sockets: readonly (readonly [where: string, descriptors: readonly number[]])[];
  /** Where it waits to hear that all of them are in use. */
  readonly ready: number;
}

/** What is left to be taken: null before that was looked at. */
let left: HandedOver['sockets'] | null = null;
let ready = -1;

function look(): HandedOver['sockets'] {
  if (left !== null) return left;
  const text = isMainThread() ? process.env[VARIABLE] : undefined;
  if (text === undefined) return (left = []);
  // Programs that this one starts must not take the sockets for theirs.
  delete process.env[VARIABLE];
  const said = JSON.parse(text) as HandedOver;
  ({ ready } = said);
  return (left = said.sockets);
}

/** The sockets for that place, those of the first of several; null when none were handed over. */
export function takeHandedOver(where: string): Socket[] | null {
  const found = look().find(([place]) => place === where);
  if (found === undefined) return null;
  left = look().filter((each) => each !== found);
  return found[1].map((descriptor) => Socket.from(descriptor));
}

/** What was taken is in use: once all is, the earlier process may go. */
export function handedOverServes(): void {
  if (ready < 0 || look().length > 0) return;
  writeSync(ready, 'ready');
  closeSync(ready);
  ready = -1;
}
