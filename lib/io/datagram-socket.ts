import { errnoError } from '../core/errors/errno.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { describe } from '../core/support/describe.ts';
import { TransportSocket } from './transport-socket.ts';

/**
 * The socket of a datagram transport or endpoint: its addresses, and the settings that only
 * datagram sockets have, under the names of `node:dgram`.
 *
 * @example transport.getExtraInfo('socket').addMembership('239.1.2.3');
 */
export class DatagramSocket extends TransportSocket {
  readonly #loop: EventLoop;
  readonly #handle: number;
  readonly #generation: number;

  /** @internal */
  constructor(loop: EventLoop, handle: number, generation: number) {
    super(loop, handle, generation);
    this.#loop = loop;
    this.#handle = handle;
    this.#generation = generation;
  }

  /**
   * Joins a multicast group on one interface.
   *
   * @param group - a numeric address, for example `'239.1.2.3'` or `'ff02::114'`
   * @param multicastInterface - a name (`'eth0'`) or an address of this machine; default: the
   * system chooses
   * @throws an error with code `EADDRINUSE` for a group it has already joined, `ENODEV`, `EINVAL`,
   * …
   */
  addMembership(group: string, multicastInterface = ''): void {
    this.#join('addMembership', group, multicastInterface, true);
  }

  /** Leaves a multicast group. @throws an error with code `EADDRNOTAVAIL`, … */
  dropMembership(group: string, multicastInterface = ''): void {
    this.#join('dropMembership', group, multicastInterface, false);
  }

  /** Sets the interface for outgoing multicast: its name, or an address of this machine. */
  setMulticastInterface(multicastInterface: string): void {
    checkText(multicastInterface, 'multicastInterface');
    const engine = this.#loop._engine;
    const result = engine.multicastInterface(
      this.#handle,
      this.#generation,
      this.family === 6 ? 6 : 4,
      multicastInterface,
    );
    if (result < 0)
      throw errnoError(result, 'setMulticastInterface', { address: multicastInterface });
  }

  /** How many hops multicast may take, 0 to 255; 1 by default: it stays in this network. */
  setMulticastTTL(ttl: number): void {
    this._setOption('multicastTtl', checkTtl(ttl, 0));
  }

  /** Whether outgoing multicast is also delivered on this machine; true by default. */
  setMulticastLoopback(on: boolean): void {
    this._setOption('multicastLoopback', on ? 1 : 0);
  }

  /** How many hops a datagram may take, 1 to 255. */
  setTTL(ttl: number): void {
    this._setOption('ttl', checkTtl(ttl, 1));
  }

  /** Whether sending to broadcast addresses is allowed; false by default. */
  setBroadcast(on: boolean): void {
    this._setOption('broadcast', on ? 1 : 0);
  }

  #join(call: string, group: string, multicastInterface: string, joins: boolean): void {
    checkText(group, 'group');
    checkText(multicastInterface, 'multicastInterface');
    const result = this.#loop._engine.joinGroup(
      this.#handle,
      this.#generation,
      group,
      multicastInterface,
      joins,
    );
    if (result < 0) throw errnoError(result, call, { address: group });
  }
}

function checkText(text: unknown, name: string): void {
  if (typeof text === 'string') return;
  throw new TypeError(`${name} must be a string, not ${describe(text)}`);
}

function checkTtl(ttl: unknown, least: number): number {
  if (typeof ttl === 'number' && Number.isInteger(ttl) && ttl >= least && ttl <= 255) return ttl;
  throw new RangeError(`ttl must be an integer from ${least} to 255, not ${describe(ttl)}`);
}
