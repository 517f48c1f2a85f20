/** What the calls that connect and listen take about TLS. */
import { type Duration, toSeconds } from '../core/support/duration.ts';
import { type Tls, type TlsContext, tlsContextOf } from '../tls/context.ts';

/** What a client may say about TLS. */
export interface ClientTlsOptions {
  /**
   * TLS: true, an object of options with Node's names, or a TlsContext. The certificate of the peer
   * is checked, and nothing is sent to one that is not right. Default: none.
   */
  tls?: Tls;
  /** The name that the certificate must have, in place of the host; '' for any. */
  servername?: string;
  /** How long the handshake may take; default: what the context says, 60 s. */
  handshakeTimeout?: Duration;
}

/** The names of {@link ClientTlsOptions}. */
export const CLIENT_TLS_OPTIONS: readonly string[] = ['tls', 'servername', 'handshakeTimeout'];

/** The options of a client, looked at. */
export interface ClientTls {
  readonly context: TlsContext;
  /** Null: the host. */
  readonly servername: string | null;
  /** Seconds; undefined: what the context says. */
  readonly timeout: number | undefined;
}

/**
 * @returns null where no TLS is asked for
 * @throws TypeError, RangeError for values that cannot be; TypeError for the others without `tls`
 */
export function clientTls(where: string, options: ClientTlsOptions): ClientTls | null {
  const context = tlsContextOf(where, options.tls, 'client');
  const { servername, handshakeTimeout } = options;
  if (context === null) {
    needsTls(where, 'servername', servername);
    needsTls(where, 'handshakeTimeout', handshakeTimeout);
    return null;
  }
  return {
    context,
    servername: checkServername(where, servername),
    timeout: checkHandshakeTimeout(where, handshakeTimeout),
  };
}

/** @throws TypeError when an option is given that means nothing without TLS */
export function needsTls(where: string, name: string, value: unknown): void {
  if (value !== undefined) throw new TypeError(`${where}: ${name} is only meaningful with tls`);
}

export function checkServername(where: string, servername: unknown): string | null {
  if (servername === undefined || servername === null) return null;
  if (typeof servername === 'string') return servername;
  throw new TypeError(`${where}: servername must be a string, got ${typeof servername}`);
}

export function checkHandshakeTimeout(where: string, timeout: unknown): number | undefined {
  if (timeout === undefined) return undefined;
  const seconds = toSeconds(timeout as Duration, `${where}: handshakeTimeout`);
  if (seconds > 0) return seconds;
  throw new RangeError(`${where}: handshakeTimeout must be more than 0, not ${String(timeout)}`);
}
