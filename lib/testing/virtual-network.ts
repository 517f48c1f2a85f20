/** The network of a loop in simulated time: how its links behave, and when they are cut. */
import { describe } from '../core/support/describe.ts';
import { type Duration, toSeconds } from '../core/support/duration.ts';
import { checkOptions } from '../core/support/options.ts';
import { showsText } from '../core/support/shows-text.ts';

/** How what is sent between two hosts fares, in both directions. What is left out is 0. */
export interface LinkOptions {
  /** How long a packet takes, one way, in seconds or as `'50ms'`. */
  latency?: Duration | undefined;
  /** Up to this much is added to each packet's latency; datagrams overtake each other then. */
  jitter?: Duration | undefined;
  /**
   * Probability that a packet is lost, from 0 to 1. A datagram is gone then. A stream sends again,
   * as TCP does: after 0.2 s, 0.4 s and so on, and a connect after 1 s, 2 s and so on.
   */
  loss?: number | undefined;
}

/** What the engine of such a loop does for its network (native/binding.ts). */
interface Links {
  setLink(one: string, other: string, latency: number, jitter: number, loss: number): number;
  cutLink(one: string, other: string, isCut: boolean): number;
}

const NAMES: readonly string[] = ['latency', 'jitter', 'loss'];
/** Longer than any test simulates; the nanoseconds of it are exact. */
const LONGEST = 2 ** 53 / 1e9;
/** All hosts, to C++. */
const EVERY_HOST = '';

/**
 * The simulated network of a {@link VirtualLoop}: `loop.network`. At first everything that is sent
 * arrives at once. Hosts are numeric addresses, and every one exists; a client that is bound to no
 * address (`localAddr`) has that of the server that it connects to. What is given for a link holds
 * for both directions, and for what is sent from then on. A link between two named hosts goes
 * before one of a single host, and that before the default. Randomness is the seed's: the same seed
 * gives the same run.
 *
 * @example
 * await runVirtual(function* () {
 *   const { network } = getRunningLoop() as VirtualLoop;
 *   network.setLink('10.0.0.1', '10.0.0.2', { latency: '40ms', jitter: '5ms', loss: 0.01 });
 *   network.partition('10.0.0.1', '10.0.0.2');
 *   yield* sleep(30);
 *   network.repair('10.0.0.1', '10.0.0.2');
 * });
 */
export class VirtualNetwork {
  readonly #links: () => Links;

  /** @internal */
  constructor(links: () => Links) {
    this.#links = links;
  }

  /**
   * Sets all links that have no conditions of their own.
   * @throws TypeError, RangeError for wrong options; RuntimeError when the loop is closed
   */
  setDefault(options: LinkOptions): void {
    this.#set('setDefault()', EVERY_HOST, EVERY_HOST, options);
  }

  /**
   * Sets the link between two hosts.
   * @param other - null for every host
   * @throws TypeError, RangeError for wrong options or what is not the numeric address of a host;
   *   RuntimeError when the loop is closed
   */
  setLink(one: string, other: string | null, options: LinkOptions): void {
    this.#set('setLink()', checkHost('one', one), checkOther(other), options);
  }

  /**
   * Cuts the link between two hosts. Datagrams are lost. Streams hold what is sent, and what was on
   * its way, until the link is repaired; connects wait as well, and fail with ETIMEDOUT after 127
   * s. Neither end is told: only a time limit finds out. May be repeated.
   * @param other - by default every host
   * @throws TypeError, RangeError for what is not the numeric address of a host; RuntimeError when
   *   the loop is closed
   */
  partition(one: string, other: string | null = null): void {
    this.#cut('partition()', checkHost('one', one), checkOther(other), true);
  }

  /**
   * Repairs what `partition` has cut between these hosts; without arguments, all.
   * @throws as `partition`
   */
  repair(one: string | null = null, other: string | null = null): void {
    const host = one === null ? EVERY_HOST : checkHost('one', one);
    this.#cut('repair()', host, checkOther(other), false);
  }

  toString(): string {
    return '<VirtualNetwork>';
  }

  #set(where: string, one: string, other: string, options: LinkOptions): void {
    const conditions = conditionsOf(where, options);
    answered(where, this.#links().setLink(one, other, ...conditions));
  }

  #cut(where: string, one: string, other: string, isCut: boolean): void {
    answered(where, this.#links().cutLink(one, other, isCut));
  }
}

showsText(VirtualNetwork);

/** Latency and jitter in nanoseconds, and loss. @throws TypeError, RangeError for wrong options */
export function conditionsOf(where: string, options: LinkOptions): [number, number, number] {
  checkOptions(where, options, NAMES);
  return [
    nanoseconds('latency', options.latency),
    nanoseconds('jitter', options.jitter),
    probability(options.loss),
  ];
}

function nanoseconds(name: string, value: Duration | undefined): number {
  const seconds = value === undefined ? 0 : toSeconds(value, name);
  if (seconds >= 0 && seconds <= LONGEST) return Math.round(seconds * 1e9);
  throw new RangeError(`${name} must be from 0 to ${Math.floor(LONGEST)} seconds, got ${seconds}`);
}

function probability(value: number | undefined): number {
  if (value === undefined) return 0;
  if (typeof value !== 'number') {
    throw new TypeError(`loss must be a number from 0 to 1, got ${describe(value)}`);
  }
  if (value >= 0 && value <= 1) return value;
  throw new RangeError(`loss must be from 0 to 1, got ${value}`);
}

function checkHost(name: string, host: string): string {
  if (typeof host === 'string' && host !== EVERY_HOST) return host;
  throw new TypeError(`${name} must be a numeric address, got ${describe(host)}`);
}

function checkOther(host: string | null): string {
  return host === null ? EVERY_HOST : checkHost('other', host);
}

function answered(where: string, result: number): void {
  if (result === 0) return;
  throw new RangeError(`${where}: a host must be a numeric address, and not that of all`);
}
