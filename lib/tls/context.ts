import { describe } from '../core/support/describe.ts';
import { showsText } from '../core/support/shows-text.ts';
import { checkSide, checkTlsOptions, type Side, type TlsOptions } from './options.ts';
import { hasCertificate, settingsOf, type TlsSettings } from './settings.ts';
import { isContext, sniOf } from './sni.ts';

/**
 * TLS settings shared by connections: our certificates, the trusted authorities, versions and
 * suites. Create it once; it can be used for any number of calls, by clients and servers.
 *
 * A server shows its certificate. A client verifies it, against the authorities of the system and
 * of Node, and checks the host name in it, before it sends anything. A server asks clients for a
 * certificate only with `requestCert`.
 *
 * @throws TypeError for an unknown option or a value of the wrong type
 * @throws RangeError for a value that cannot be used: invalid PEM, a key that is too weak or does
 *   not match its certificate, a wrong passphrase, names of suites
 * @example
 * const files = () => ({ cert: readFileSync('cert.pem'), key: readFileSync('key.pem') });
 * const context = new TlsContext(files());
 * const server = await startServer(onClient, '0.0.0.0', 8443, { tls: context });
 * process.on('SIGHUP', () => context.update(files()));
 */
export class TlsContext {
  /** The current settings; replaced as a whole. */
  _settings: TlsSettings;
  readonly #lineage: object = {};
  readonly #listeners: Set<() => void> = new Set();

  constructor(options: TlsOptions = {}) {
    this._settings = this.#read('new TlsContext()', options);
  }

  /**
   * Changes options. Options that are not given keep their value; `undefined` resets one to its
   * default. The new options apply to connections made from now on, including those of servers that
   * are already listening; existing connections are not affected. If this throws, nothing has
   * changed.
   *
   * @throws as the constructor
   * @example context.update({ cert: newCertificate, key: newKey });
   */
  update(options: TlsOptions): void {
    checkTlsOptions('TlsContext.update()', options);
    const all = { ...this._settings.options, ...options };
    this._settings = this.#read('TlsContext.update()', all);
    for (const listener of this.#listeners) listener();
  }

  #read(where: string, options: TlsOptions): TlsSettings {
    checkTlsOptions(where, options);
    return settingsOf(where, { ...options }, this.#lineage, sniOf(where, options.sni));
  }

  /**
   * Calls `listener` after each update, until the returned function is called.
   * @internal
   */
  _onUpdate(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  toString(): string {
    const { pairs, archives, ca, sni } = this._settings;
    const certificates = pairs.length + archives.length;
    const parts = [certificates === 1 ? '1 certificate' : `${certificates} certificates`];
    parts.push(ca === null ? 'default roots' : `${ca.length} trusted`);
    if (sni !== null) parts.push('sni');
    return `<TlsContext ${parts.join(', ')}>`;
  }
}

showsText(TlsContext);

let plainClient: TlsContext | null = null;

/**
 * The context for a call's `tls` option; null for none (`false` or not given).
 *
 * @param where - the call, for error messages
 * @param side - the side of the call's connections
 * @throws TypeError for anything else, for options of the other side, and for a server without a
 *   certificate
 */
export function tlsContextOf(where: string, tls: unknown, side: Side): TlsContext | null {
  if (tls === undefined || tls === null || tls === false) return null;
  const context = contextOf(where, tls);
  checkSide(where, context._settings.options, side);
  if (side === 'server' && !hasCertificate(context._settings)) {
    throw new TypeError(`${where}: tls: a server needs cert and key, pfx, or sni`);
  }
  return context;
}

function contextOf(where: string, tls: unknown): TlsContext {
  if (tls === true) return (plainClient ??= new TlsContext());
  if (tls instanceof TlsContext) return tls;
  if (isContext(tls)) {
    throw new TypeError(`${where}: tls is a TlsContext of another copy of oxbow`);
  }
  if (typeof tls !== 'object') {
    throw new TypeError(
      `${where}: tls must be true, an object of options or a TlsContext, got ${describe(tls)}`,
    );
  }
  checkTlsOptions(`${where}: tls`, tls);
  return new TlsContext(tls as TlsOptions);
}

/** What a call's `tls` option may be. */
export type Tls = boolean | TlsOptions | TlsContext;
