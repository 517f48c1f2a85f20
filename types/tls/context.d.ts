import { type TlsOptions } from './options.ts';
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
export declare class TlsContext {
    #private;
    constructor(options?: TlsOptions);
    /**
     * Changes options; what is not given stays, and `undefined` takes an option away. Connections
     * that are made from now on, also those of servers that listen already, go by the new ones; those
     * that stand go on as they are. When this throws, nothing has changed.
     *
     * @throws as the constructor
     * @example context.update({ cert: newCertificate, key: newKey });
     */
    update(options: TlsOptions): void;
    toString(): string;
}
/** What a call's `tls` option may be. */
export type Tls = boolean | TlsOptions | TlsContext;
