/** What the calls that connect and listen take about TLS. */
import { describe } from '../core/support/describe.ts';
import { type Duration, toSeconds } from '../core/support/duration.ts';
import { type Tls, type TlsContext, tlsContextOf } from '../tls/context.ts';
import type { Side } from '../tls/options.ts';

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

/** The options of one connection, looked at. */
export interface ConnectionTls {
  readonly context: TlsContext;
  readonly side: Side;
  /** Client: null for the host. */
  readonly servername: string | null;
  /** Seconds; undefined: what the context says. */
  readonly timeout: number | undefined;
}

/**
 * @returns null where no TLS is asked for
 * @throws TypeError, RangeError for values that cannot be; TypeError for the others without `tls`
 */
export function clientTls(where: string, options: ClientTlsOptions): ConnectionTls | null {
  const context = tlsContextOf(where, options.tls, 'client');
  const { servername, handshakeTimeout } = options;
  if (context === null) {
    needsTls(where, 'servername', servername);
    needsTls(where, 'handshakeTimeout', handshakeTimeout);
    return null;
  }
  return {
    context,
    side: 'client',
    servername: checkServername(where, servername),
    timeout: checkHandshakeTimeout(where, handshakeTimeout),
  };
}

/** What every server's end may say about TLS. */
export interface ServerTlsOptions {
  /**
   * TLS: an object of options with Node's names (`cert` and `key`, or `pfx`, or `sni`), or a
   * TlsContext, whose `update` concerns new connections. Default: none.
   */
  tls?: Exclude<Tls, true>;
  /** How long a handshake may take; default: what the context says, 60 s. */
  handshakeTimeout?: Duration;
}

/** The names of {@link ServerTlsOptions}. */
export const SERVER_TLS_OPTIONS: readonly string[] = ['tls', 'handshakeTimeout'];

/** As `clientTls`, of the other end. */
export function acceptedTls(where: string, options: ServerTlsOptions): ConnectionTls | null {
  const context = tlsContextOf(where, options.tls, 'server');
  const { handshakeTimeout } = options;
  if (context === null) {
    needsTls(where, 'handshakeTimeout', handshakeTimeout);
    return null;
  }
  const timeout = checkHandshakeTimeout(where, handshakeTimeout);
  return { context, side: 'server', servername: null, timeout };
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
  throw new RangeError(`${where}: handshakeTimeout must be more than 0, not ${describe(timeout)}`);
}
