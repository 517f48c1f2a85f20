import { type TlsOptions } from './options.ts';
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
export declare class TlsContext {
    #private;
    constructor(options?: TlsOptions);
    /**
     * Changes options. Options that are not given keep their value; `undefined` resets one to its
     * default. The new options apply to connections made from now on, including those of servers that
     * are already listening; existing connections are not affected. If this throws, nothing has
     * changed.
     *
     * @throws as the constructor
     * @example context.update({ cert: newCertificate, key: newKey });
     */
    update(options: TlsOptions): void;
    toString(): string;
}
/** What a call's `tls` option may be. */
export type Tls = boolean | TlsOptions | TlsContext;
