/**
 * The connections of a session, by origin. Every operation is O(1): idle connections are in linked
 * lists, waiters in one queue per origin, and the origins with both waiters and room take turns.
 */
import { RuntimeError } from '../../core/errors/errors.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import type { ClientConnection, ConnectionOwner } from './connection.ts';
import { ClientConnectionError } from './errors.ts';
import { Fifo } from '../../core/support/fifo.ts';
import { IdleConnections } from './idle-connections.ts';

interface Origin {
  readonly name: string;
  /** Slots in use: exchanges in progress and connections being made. */
  active: number;
  readonly idle: IdleConnections;
  readonly waiters: Fifo<Future<void>>;
}

/** A connection being made. */
export interface Making {
  readonly winner: Future<unknown>;
  fail(error: Error): void;
}

export class ConnectionPool implements ConnectionOwner {
  #loop: EventLoop;
  #limit: number;
  #limitPerHost: number;
  #keepAlive: number;
  #active = 0;
  #origins = new Map<string, Origin>();
  /** Origins with waiters that only the total limit holds back, in the order of their turns. */
  #eligible = new Set<Origin>();
  #all = new Set<ClientConnection>();
  /** Connections being made. */
  #races = new Set<Making>();
  /**
   * Connections that read the rest of an unwanted response; they are dropped when another
   * request needs the slot.
   */
  #drained = new Set<ClientConnection>();
  #closed: Future<void> | null = null;
  #sweeping = false;

  /** @param limit - 0 for no limit; the same for `limitPerHost`. @param keepAlive - seconds */
  constructor(loop: EventLoop, limit: number, limitPerHost: number, keepAlive: number) {
    this.#loop = loop;
    this.#limit = limit === 0 ? Infinity : limit;
    this.#limitPerHost = limitPerHost === 0 ? Infinity : limitPerHost;
    this.#keepAlive = keepAlive;
  }

  get active(): number {
    return this.#active;
  }

  /** How many connections exist, including idle ones. */
  get size(): number {
    return this.#all.size;
  }

  get closed(): boolean {
    return this.#closed !== null;
  }

  /**
   * Takes a slot. @returns null when it was taken at once, else a future that is done when it is
   * taken
   * @throws RuntimeError when the session is closed
   */
  acquire(name: string): Future<void> | null {
    if (this.#closed !== null) throw new RuntimeError('Session is closed');
    const origin = this.#origin(name);
    if (this.#hasRoom(origin) && this.#active < this.#limit && origin.waiters.size === 0) {
      this.#take(origin);
      return null;
    }
    const waiter = this.#loop.createFuture<void>();
    origin.waiters.push(waiter);
    if (this.#hasRoom(origin)) this.#eligible.add(origin);
    this.#dropDrained(origin);
    return waiter;
  }

  /** Returns a slot and gives it to the next waiter. */
  release(name: string): void {
    const origin = this.#origin(name);
    origin.active -= 1;
    this.#active -= 1;
    if (origin.waiters.size !== 0) this.#eligible.add(origin);
    this.#wakeNext();
    this.#forget(origin);
  }

  /**
   * Takes a slot and an idle connection at once; null, with nothing taken, when either is missing.
   */
  acquireIdle(name: string, once: boolean): ClientConnection | null {
    const origin = this.#origins.get(name);
    const ready =
      origin !== undefined &&
      origin.idle.size !== 0 &&
      origin.waiters.size === 0 &&
      this.#closed === null &&
      this.#active < this.#limit &&
      this.#hasRoom(origin);
    if (!ready) return null;
    this.#take(origin);
    const connection = this.#takeIdleOf(origin, once);
    if (connection === null) this.release(name);
    return connection;
  }

  /**
   * Takes an idle connection; the caller already has a slot. Null when there is none.
   * @param once - whether the request cannot be repeated if the server has closed the connection
   */
  takeIdle(name: string, once: boolean): ClientConnection | null {
    return this.#takeIdleOf(this.#origin(name), once);
  }

  #takeIdleOf({ idle }: Origin, once: boolean): ClientConnection | null {
    for (let connection; (connection = idle.newest) !== null;) {
      idle.remove(connection);
      this.#loop._rings.reference(1);
      if (connection._usable(once)) {
        connection._take();
        return connection;
      }
      connection._abort(null);
    }
    return null;
  }

  /**
   * Registers a connection being made. @returns done when it is made, or failed when the pool
   * closes
   */
  racing(race: Making): Future<unknown> {
    if (this.#closed !== null) race.fail(sessionClosed());
    else {
      this.#races.add(race);
      race.winner.addDoneCallback(() => this.#races.delete(race));
    }
    return race.winner;
  }

  /** Registers a new connection; it is dropped at once if the session was closed meanwhile. */
  add(connection: ClientConnection): ClientConnection {
    this.#all.add(connection);
    if (this.#closed !== null) connection._abort(sessionClosed());
    return connection;
  }

  /**
   * Fails all waiters and all connections being made, and drops every connection. Idempotent.
   * @returns done once all descriptors are closed
   */
  close(): Future<void> {
    if (this.#closed === null) {
      this.#closed = this.#loop.createFuture<void>();
      for (const { waiters } of this.#origins.values()) {
        for (let waiter; (waiter = waiters.shift()) !== undefined;) {
          if (!waiter.done()) waiter.setException(sessionClosed());
        }
      }
      for (const race of this.#races) race.fail(sessionClosed());
      for (const connection of [...this.#all]) connection._abort(sessionClosed());
      this.#checkClosed();
    }
    const waiting = this.#loop.createFuture<void>();
    if (this.#closed.done()) waiting.setResult(undefined);
    else this.#closed.addDoneCallback(() => waiting.done() || waiting.setResult(undefined));
    return waiting;
  }

  /**
   * The session was garbage-collected without `close()`: closes idle connections and reports it. A
   * response may still be read on the others.
   */
  _closeUnclosed(): void {
    if (this.#closed !== null || this.#loop.isClosed() || this.#all.size === 0) return;
    this.#keepAlive = 0;
    for (const { idle } of this.#origins.values()) {
      for (let one = idle.oldest; one !== null; one = one._newer) one._abort(null);
    }
    this.#loop.callExceptionHandler({ message: 'Unclosed client session: call close()' });
  }

  _returned(connection: ClientConnection, reusable: boolean): void {
    this.#drained.delete(connection);
    const keep = Math.min(this.#keepAlive, connection.keptFor);
    if (reusable && this.#closed === null && keep > 0) {
      connection.idleUntil = this.#loop.time() + keep;
      this.#origin(connection._origin).idle.add(connection);
      // An idle connection must not keep the process alive.
      this.#loop._rings.reference(-1);
      if (!this.#sweeping) this.#sweepLater(this.#keepAlive);
    } else connection._abort(null);
    this.release(connection._origin);
  }

  _draining(connection: ClientConnection): void {
    const wanted = this.#eligible.size > 0 || this.#origin(connection._origin).waiters.size > 0;
    if (wanted) connection._abort(null);
    else this.#drained.add(connection);
  }

  /** Drops one connection whose response nobody wants, to make room for a waiter. */
  #dropDrained(origin: Origin): void {
    const lacksOwn = !this.#hasRoom(origin);
    for (const connection of this.#drained) {
      if (lacksOwn && connection._origin !== origin.name) continue;
      connection._abort(null);
      return;
    }
  }

  _left(connection: ClientConnection): void {
    this.#all.delete(connection);
    this.release(connection._origin);
    this.#checkClosed();
  }

  _closed(connection: ClientConnection): void {
    const origin = this.#origin(connection._origin);
    if (origin.idle.remove(connection)) this.#loop._rings.reference(1);
    this.#all.delete(connection);
    this.#forget(origin);
    this.#checkClosed();
  }

  #checkClosed(): void {
    if (this.#closed !== null && this.#all.size === 0 && !this.#closed.done()) {
      this.#closed.setResult(undefined);
    }
  }

  #wakeNext(): void {
    while (this.#active < this.#limit) {
      const [origin] = this.#eligible;
      if (origin === undefined) return;
      this.#eligible.delete(origin);
      if (!this.#hasRoom(origin)) continue;
      const waiter = origin.waiters.shift();
      if (waiter === undefined) continue;
      if (!waiter.done()) {
        this.#take(origin);
        waiter.setResult(undefined);
      }
      if (origin.waiters.size !== 0 && this.#hasRoom(origin)) this.#eligible.add(origin);
    }
  }

  #take(origin: Origin): void {
    origin.active += 1;
    this.#active += 1;
  }

  #hasRoom(origin: Origin): boolean {
    return origin.active < this.#limitPerHost;
  }

  #sweepLater(delay: number): void {
    this.#sweeping = true;
    this.#loop.callLater(delay, () => this.#sweep()).unref();
  }

  /**
   * Closes connections whose idle time is over. The lists are in the order of becoming idle, so one
   * with a shorter `Keep-Alive` of its server may stay behind older ones; `_usable` keeps it from
   * being used.
   */
  #sweep(): void {
    this.#sweeping = false;
    const now = this.#loop.time();
    let next = Infinity;
    for (const { idle } of this.#origins.values()) {
      for (let connection = idle.oldest; connection !== null; connection = connection._newer) {
        const left = connection.idleUntil - now;
        if (left > 0) {
          next = Math.min(next, left);
          break;
        }
        connection._abort(null);
      }
    }
    if (next !== Infinity) this.#sweepLater(next);
  }

  #origin(name: string): Origin {
    let origin = this.#origins.get(name);
    if (origin === undefined) {
      origin = { name, active: 0, idle: new IdleConnections(), waiters: new Fifo() };
      this.#origins.set(name, origin);
    }
    return origin;
  }

  #forget(origin: Origin): void {
    if (origin.active === 0 && origin.idle.size === 0 && origin.waiters.size === 0) {
      this.#origins.delete(origin.name);
      this.#eligible.delete(origin);
    }
  }
}

function sessionClosed(): Error {
  return new ClientConnectionError('the session was closed');
}
