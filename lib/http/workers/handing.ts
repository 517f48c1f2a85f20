import type { Future } from '../../core/future/future.ts';

/** A server whose sockets another process can take over. */
export interface Handing {
  /** Whether its loop can still serve. */
  _isOpen(): boolean;
  /** The descriptors of the sockets it listens on. */
  _descriptors(): readonly number[];
  /**
   * Ends gracefully while another process keeps accepting. @param timeout - seconds; null for ever
   */
  _leave(timeout: number | null): Future<void>;
}

/** A server, and the identifier of its places (`nameOf`). */
interface Place {
  readonly where: string;
  readonly server: Handing;
}

/** In the order in which they were started, as the next process starts them in the same order. */
const places: Set<Place> = new Set();

/** The servers of this process, without those whose loop was closed before they were. */
export function handing(): Place[] {
  for (const place of places) if (!place.server._isOpen()) places.delete(place);
  return [...places];
}

/** Makes `handOver` include this server until it is closed. */
export function mayHandOver(where: string, server: Handing & { waitClosed(): Future<void> }): void {
  handing();
  const place = { where, server };
  places.add(place);
  server.waitClosed().addDoneCallback(() => places.delete(place));
}
