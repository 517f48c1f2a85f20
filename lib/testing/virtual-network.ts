/** The network of a loop in simulated time: conditions of its links, and partitions. */
import { describe } from '../core/support/describe.ts';
import { type Duration, toSeconds } from '../core/support/duration.ts';
import { checkOptions } from '../core/support/options.ts';
import { showsText } from '../core/support/shows-text.ts';

/** The conditions of a link between two hosts, in both directions. Options left out are 0. */
export interface LinkOptions {
  /** The time that a packet takes, one way: seconds, or a string with a unit such as `'50ms'`. */
  latency?: Duration | undefined;
  /**
   * A random time of at most this is added to each packet's latency: seconds, or a string with a
   * unit. Datagrams may then overtake each other.
   */
  jitter?: Duration | undefined;
  /**
   * The probability that a packet is lost, from 0 to 1. A lost datagram is gone. A stream
   * retransmits, as TCP does: after 0.2 s, 0.4 s and so on, and a connect after 1 s, 2 s and so on.
   */
  loss?: number | undefined;
}

/** The methods of the loop's engine that set up its network (native/binding.ts). */
interface Links {
  setLink(one: string, other: string, latency: number, jitter: number, loss: number): number;
  cutLink(one: string, other: string, isCut: boolean): number;
}

const NAMES: readonly string[] = ['latency', 'jitter', 'loss'];
/**
 * The longest latency, in seconds: longer than any test simulates, and exact in nanoseconds as a
 * number.
 */
const LONGEST = 2 ** 53 / 1e9;
/** Stands for all hosts in calls to C++. */
const EVERY_HOST = '';

/**
 * The simulated network of a {@link VirtualLoop}: `loop.network`. By default everything that is
 * sent arrives at once. Hosts are numeric addresses, and all of them exist; a client that is not
 * bound to an address (`localAddr`) has the address of the server that it connects to. The
 * conditions of a link apply to both directions, and to what is sent from then on. Conditions for
 * two named hosts take precedence over those for one host, and those over the default. Randomness
 * comes from the loop's seed: the same seed gives the same run.
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
   * Sets the conditions of all links without conditions of their own.
   * @throws TypeError, RangeError for wrong options; RuntimeError when the loop is closed
   */
  setDefault(options: LinkOptions): void {
    this.#set('setDefault()', EVERY_HOST, EVERY_HOST, options);
  }

  /**
   * Sets the conditions of the link between two hosts.
   * @param other - the other host; null for every host
   * @throws TypeError, RangeError for wrong options, or a host that is not a numeric address;
   *   RuntimeError when the loop is closed
   */
  setLink(one: string, other: string | null, options: LinkOptions): void {
    this.#set('setLink()', checkHost('one', one), checkOther(other), options);
  }

  /**
   * Cuts the link between two hosts. Datagrams are lost. Streams hold data sent or in flight until
   * the link is repaired; connects wait as well, and fail with ETIMEDOUT after 127 s. Neither end
   * is notified: only a timeout detects it. May be called again.
   * @param other - the other host; every host by default
   * @throws TypeError, RangeError for a host that is not a numeric address; RuntimeError when the
   *   loop is closed
   */
  partition(one: string, other: string | null = null): void {
    this.#cut('partition()', checkHost('one', one), checkOther(other), true);
  }

  /**
   * Repairs what `partition` has cut between these hosts; everything, without arguments.
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
