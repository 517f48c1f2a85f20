/**
 * Chooses the TLS implementation: our own library on Node's OpenSSL, or `node:tls` through a relay.
 */
import { RuntimeError } from '../core/errors/errors.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { loadTlsAddon } from '../native/load-tls.ts';

let forced: boolean | null = null;
let said = false;

/** For tests, which run both: true forces `node:tls`, null chooses automatically. */
export function useNodeTls(wanted: boolean | null): void {
  forced = wanted;
}

/** Why `node:tls` must be used ('' when forced); null when it is not. */
export function whyNodeTls(): string | null {
  if (forced !== null) return forced ? '' : null;
  const addon = loadTlsAddon();
  return addon instanceof Error ? addon.message : null;
}

/**
 * Checks that TLS can make progress: `node:tls` needs Node's own loop, which is blocked while one
 * of our loops runs in a `…Sync` call.
 * @throws RuntimeError when it could not
 */
export function checkDriven(loop: EventLoop): void {
  const why = loop._ownsThread ? whyNodeTls() : null;
  if (why === null) return;
  throw new RuntimeError(
    "TLS goes through node:tls, which needs Node's own loop: write run() instead of runSync()" +
      (why === '' ? '' : ` (${why})`),
  );
}

/** Warns once per process. @param why - '' when it was forced, which needs no warning */
export function warnOfNodeTls(why: string): void {
  if (said || why === '') return;
  said = true;
  process.emitWarning(`TLS goes through node:tls, which is slower: ${why}`, 'OxbowWarning');
}
