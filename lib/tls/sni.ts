/** Chooses the certificates that a server shows for a requested name. */
import { quoted } from '../core/support/describe.ts';
import type { Future } from '../core/future/future.ts';
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { futureFor, isAwaitable } from '../core/loop/ensure-future.ts';
import type { AwaitableLike } from '../core/support/types.ts';
import { badOption, checkSniOptions, type SniFunction, type SniTarget } from './options.ts';
import { type HasSettings, settingsOf, type SniLookup, type TlsSettings } from './settings.ts';

/**
 * Parses the `sni` option; null for undefined.
 * @throws TypeError when it is neither an object nor a function; RangeError for an invalid name;
 *   errors of the certificates
 */
export function sniOf(where: string, sni: unknown): SniLookup | null {
  if (sni === undefined) return null;
  if (typeof sni === 'function') return { find: asking(where, sni as SniFunction) };
  if (typeof sni !== 'object' || sni === null || Symbol.iterator in sni) {
    throw badOption(where, 'sni', 'an object of names, or a function', sni);
  }
  const table = Object.entries(sni).map(([name, target]) => {
    const pattern = patternOf(where, name);
    return { name, pattern, source: sourceOf(`${where}: sni['${name}']`, target) };
  });
  // Exact names take precedence over wildcards, and longer ones over shorter ones.
  const stars = (name: string): number => (name.includes('*') ? 1 : 0);
  table.sort((a, b) => stars(a.name) - stars(b.name) || b.name.length - a.name.length);
  return {
    find: (servername) => {
      const name = servername.toLowerCase();
      return table.find(({ pattern }) => pattern.test(name))?.source._settings ?? null;
    },
  };
}

const NAME = /^(?:\*\.|\*$)?[^*\s]*$/;

/** A leading star matches exactly one label. */
function patternOf(where: string, name: string): RegExp {
  if (name === '' || !NAME.test(name)) {
    throw new RangeError(
      `${where}: sni: ${quoted(name)} is no name of a host, and no '*.' before one`,
    );
  }
  const literal = name.toLowerCase().replace(/[.^$+?\-\\[\]{}()|/]/g, '\\$&');
  return new RegExp(`^${literal.replace('*', '[^.]+')}$`);
}

/** A context is read at each handshake, so its updates apply; an object is converted once. */
function sourceOf(where: string, target: unknown): HasSettings {
  if (isContext(target)) return target;
  checkSniOptions(where, target);
  const settings = settingsOf(where, target, {}, null);
  if (settings.pairs.length === 0 && settings.archives.length === 0) {
    throw new TypeError(`${where}: cert and key, or pfx, are missing`);
  }
  return { _settings: settings };
}

/** Whether it is a TlsContext. Its module imports this one, so `instanceof` would be circular. */
export function isContext(value: unknown): value is HasSettings {
  return typeof value === 'object' && value !== null && '_settings' in value;
}

function asking(where: string, ask: SniFunction): SniLookup['find'] {
  const known: WeakMap<object, HasSettings> = new WeakMap();
  const take = (target: SniTarget | null | undefined): TlsSettings | null => {
    if (target === null || target === undefined) return null;
    let source = known.get(target);
    if (source === undefined) {
      source = sourceOf(`${where}: what sni has answered`, target);
      known.set(target, source);
    }
    return source._settings;
  };
  return (servername, loop) => {
    const answer = ask(servername.toLowerCase());
    return isAwaitable(answer)
      ? taken(answer as AwaitableLike<SniTarget | null | undefined>, take, loop)
      : take(answer as SniTarget | null | undefined);
  };
}

function taken(
  answer: AwaitableLike<SniTarget | null | undefined>,
  take: (target: SniTarget | null | undefined) => TlsSettings | null,
  loop: AbstractEventLoop,
): Future<TlsSettings | null> {
  // Followed at once, so that a rejected Promise is not reported as unhandled.
  const asked = futureFor(answer, loop);
  return loop.createTask(function* () {
    return take(yield* asked);
  });
}
