import type { Future } from '../../core/future/future.ts';

/** A server whose sockets another process can take over. */
export interface Handing {
  /** Whether its loop can still serve. */
  _isOpen(): boolean;
  /** Of the sockets that it listens on. */
  _descriptors(): readonly number[];
  /** Ends gently, since others go on accepting. @param timeout - seconds; null for ever */
  _leave(timeout: number | null): Future<void>;
}

/** One of them, and where it was asked to listen. */
interface Place {
  readonly where: string;
  readonly server: Handing;
}

/** In the order in which they began, which is that of the next process. */
const places: Set<Place> = new Set();

/** Those of this process. A loop may have been closed without its servers. */
export function handing(): Place[] {
  for (const place of places) if (!place.server._isOpen()) places.delete(place);
  return [...places];
}

/** From now on `handOver` hands it over, until it is closed. */
export function mayHandOver(where: string, server: Handing & { waitClosed(): Future<void> }): void {
  handing();
  const place = { where, server };
  places.add(place);
  server.waitClosed().addDoneCallback(() => places.delete(place));
}
