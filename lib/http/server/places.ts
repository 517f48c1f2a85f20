/** Where a server listens: addresses, Unix sockets, and existing sockets. */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { describe } from '../../core/support/describe.ts';
import type { Coro } from '../../core/support/types.ts';
import { listenAll, type Listener, listenOver, type ListenOptions } from '../../io/listener.ts';
import { type Endpoint, endpointsOf, unique } from '../../io/names.ts';
import { Socket } from '../../io/socket.ts';
import { unixListener } from '../../net/unix-listener.ts';
import { checkPath, isAbstract, removerOf } from '../../net/unix-path.ts';
import { integer } from '../message/option-values.ts';

/** Options of `serve` that say where it listens. */
export interface PlaceOptions {
  /** Port to listen on; 0 (the default) lets the system choose one. */
  port?: number;
  /**
   * Host name or address to listen on, or several. By default '127.0.0.1', which cannot be reached
   * from the network; or none if `unix` or `fd` is given without a `port`.
   */
  hostname?: string | readonly string[];
  /** Path of a Unix socket, or several; one that begins with NUL is an abstract name (Linux). */
  unix?: string | readonly string[];
  /**
   * Descriptor of a bound socket, or several, such as `detach()` of those from
   * `activatedSockets()`. The server owns it from then on, unless it fails to listen.
   */
  fd?: number | readonly number[];
}

/** The names of {@link PlaceOptions}. */
export const PLACE_OPTIONS: readonly string[] = ['port', 'hostname', 'unix', 'fd'];

/** All places where a server listens. */
export interface Places {
  readonly hostnames: readonly string[];
  readonly port: number;
  readonly paths: readonly string[];
  readonly descriptors: readonly number[];
}

/** Opens all listeners, or none if it throws. */
export type Opener = (options: ListenOptions) => readonly Listener[];

/** Checks the options. @throws TypeError or RangeError that names the option */
export function placesOf(options: PlaceOptions): Places {
  const { port, hostname, unix, fd } = options;
  const others = unix !== undefined || fd !== undefined;
  const byDefault = others && port === undefined ? [] : ['127.0.0.1'];
  const hostnames = hostname === undefined ? byDefault : listOf('hostname', hostname);
  for (const each of hostnames) {
    if (typeof each === 'string' && each !== '') continue;
    throw new TypeError(`hostname must be a string that is not empty, not ${describe(each)}`);
  }
  const paths = unix === undefined ? [] : listOf('unix', unix);
  for (const path of paths) checkPath('serve(): unix', path);
  const descriptors = fd === undefined ? [] : listOf('fd', fd);
  for (const each of descriptors) {
    if (Number.isInteger(each) && each >= 0) continue;
    throw new RangeError(`fd must be the number of a descriptor, not ${describe(each)}`);
  }
  return { hostnames, port: integer('port', port ?? 0, 0, 65535), paths, descriptors };
}

/**
 * An identifier that is the same for the same places: by it, `handOver` matches the sockets to the
 * servers of the next process.
 */
export function nameOf({ hostnames, port, paths, descriptors }: Places): string {
  return JSON.stringify([hostnames, port, paths, descriptors]);
}

function listOf<T>(name: string, value: T | readonly T[]): readonly T[] {
  const all = Array.isArray(value) ? (value as readonly T[]) : [value as T];
  if (all.length === 0) throw new RangeError(`${name}: the list is empty`);
  return all;
}

/** Looks up the names, and returns a function that listens at all places. */
export function* openerOf(loop: EventLoop, places: Places): Coro<Opener> {
  const endpoints = yield* endpointsAt(loop, places);
  return (options) => openAll(loop, places, endpoints, options);
}

/** The numeric addresses of all host names, each once. */
export function* endpointsAt(loop: EventLoop, places: Places): Coro<readonly Endpoint[]> {
  const endpoints: Endpoint[] = [];
  for (const hostname of places.hostnames) {
    endpoints.push(...(yield* endpointsOf(loop, hostname, places.port)));
  }
  return unique(endpoints);
}

function openAll(
  loop: EventLoop,
  places: Places,
  endpoints: readonly Endpoint[],
  options: ListenOptions,
): readonly Listener[] {
  const opened: Listener[] = [];
  try {
    if (endpoints.length > 0) opened.push(...listenAll(loop, endpoints, options));
    for (const path of places.paths) opened.push(unixListener(loop, path, options));
    // Last, since given sockets cannot be restored to their former state after an error.
    const sockets = places.descriptors.map((each) => Socket.from(each));
    try {
      opened.push(...listenOver(loop, sockets, { ...options, where: 'serve(): fd' }));
    } finally {
      for (const socket of sockets) if (socket.fileno() >= 0) socket.detach();
    }
  } catch (error) {
    for (const listener of opened) listener.close();
    throw error;
  }
  return opened;
}

/**
 * A function that removes the files of Unix sockets, unless other files have replaced them by then.
 */
export function cleanerOf({ paths }: Places): () => void {
  const removers = paths.filter((path) => !isAbstract(path)).map(removerOf);
  return () => {
    for (const remove of removers) remove();
  };
}
