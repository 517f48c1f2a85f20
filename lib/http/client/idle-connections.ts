import type { ClientConnection } from './connection.ts';

/**
 * The idle connections of one origin, by the time they became idle. The most recent one is used
 * first, so that the surplus after a burst times out while the others stay in use. An intrusive
 * linked list, so that any of them can be removed in O(1).
 */
export class IdleConnections {
  #oldest: ClientConnection | null = null;
  #newest: ClientConnection | null = null;
  size = 0;

  add(connection: ClientConnection): void {
    connection._older = this.#newest;
    if (this.#newest === null) this.#oldest = connection;
    else this.#newest._newer = connection;
    this.#newest = connection;
    this.size += 1;
  }

  get oldest(): ClientConnection | null {
    return this.#oldest;
  }

  get newest(): ClientConnection | null {
    return this.#newest;
  }

  /** @returns whether it was in the list */
  remove(connection: ClientConnection): boolean {
    const { _older: older, _newer: newer } = connection;
    if (older === null && this.#oldest !== connection) return false;
    if (older === null) this.#oldest = newer;
    else older._newer = newer;
    if (newer === null) this.#newest = older;
    else newer._older = older;
    connection._older = null;
    connection._newer = null;
    this.size -= 1;
    return true;
  }
}
