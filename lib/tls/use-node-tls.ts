/** Which of the two does TLS: our own library on Node's OpenSSL, or `node:tls` through a relay. */
import { RuntimeError } from '../core/errors/errors.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { loadTlsAddon } from '../native/load-tls.ts';

let forced: boolean | null = null;
let said = false;

/** For tests, which run both ways: true for `node:tls`, null for what there is. */
export function useNodeTls(wanted: boolean | null): void {
  forced = wanted;
}

/** Why `node:tls` has to do it; null where it has not. */
export function whyNodeTls(): string | null {
  if (forced !== null) return forced ? '' : null;
  const addon = loadTlsAddon();
  return addon instanceof Error ? addon.message : null;
}

/**
 * `node:tls` lives on Node's own loop, which stands still while one of ours owns the thread.
 * @throws RuntimeError when TLS could not get on
 */
export function checkDriven(loop: EventLoop): void {
  const why = loop._ownsThread ? whyNodeTls() : null;
  if (why === null) return;
  throw new RuntimeError(
    "TLS goes through node:tls, which needs Node's own loop: write run() instead of runSync()" +
      (why === '' ? '' : ` (${why})`),
  );
}

/** Once in a process. @param why - '' when it was asked for */
export function warnOfNodeTls(why: string): void {
  if (said || why === '') return;
  said = true;
  process.emitWarning(`TLS goes through node:tls, which is slower: ${why}`, 'OxbowWarning');
}
