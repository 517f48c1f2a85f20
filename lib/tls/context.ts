import { describe } from '../core/support/describe.ts';
import { showsText } from '../core/support/shows-text.ts';
import { checkSide, checkTlsOptions, type Side, type TlsOptions } from './options.ts';
import { hasCertificate, settingsOf, type TlsSettings } from './settings.ts';
import { isContext, sniOf } from './sni.ts';

/**
 * What connections with TLS have in common: who we are, whom we trust, what we speak. Made once,
 * it may be given to any number of calls, of clients and of servers.
 *
 * A server shows its certificate; a client checks that of the server, against the authorities of
 * the system and of Node, and the name in it: nothing is sent before. A server asks for none,
 * unless `requestCert` says so.
 *
 * @throws TypeError for an option that does not exist or a value of the wrong type
 * @throws RangeError for what cannot be read or used: PEM, a key that belongs to another
 *   certificate or is too weak, a wrong passphrase, names of suites
 * @example
 * const files = () => ({ cert: readFileSync('cert.pem'), key: readFileSync('key.pem') });
 * const context = new TlsContext(files());
 * const server = await startServer(onClient, '0.0.0.0', 8443, { tls: context });
 * process.on('SIGHUP', () => context.update(files()));
 */
export class TlsContext {
  /** What is in force now; replaced as a whole. */
  _settings: TlsSettings;
  readonly #lineage: object = {};
  readonly #listeners: Set<() => void> = new Set();

  constructor(options: TlsOptions = {}) {
    this._settings = this.#read('new TlsContext()', options);
  }

  /**
   * Changes options; what is not given stays, and `undefined` takes an option away. Connections
   * that are made from now on, also those of servers that listen already, go by the new ones; those
   * that stand go on as they are. When this throws, nothing has changed.
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
   * Calls `listener` after each update, until what this gives is called.
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
 * The context that a call's `tls` option means; null for none (`false` or not given).
 *
 * @param where - the call, for messages
 * @param side - which side of its connections the call is
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
