/** The types of the second addon's exports: TLS contexts, which create layers for connections. */

/** Makes the layers of connections; only the engine looks inside. */
export interface LayerMaker {
  readonly _layerMaker: never;
}

/** What a native context is made of: `TlsSettings`, as far as C++ looks at it. */
export interface NativeTlsSettings {
  readonly pairs: readonly { readonly chain: string; readonly key: string }[];
  readonly archives: readonly { readonly data: Uint8Array; readonly passphrase: string }[];
  /** Whether `ca` is the user's own, and not whom everybody trusts. */
  readonly ownRoots: boolean;
  readonly ca: readonly string[];
  readonly crl: readonly string[];
  readonly alpn: Uint8Array;
  readonly minVersion: number;
  readonly maxVersion: number;
  readonly cipherList: string;
  readonly cipherSuites: string;
  readonly sigalgs: string | null;
  readonly curves: string | null;
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
  readonly honorCipherOrder: boolean;
  readonly sessionTimeout: number;
  readonly ticketKeys: Uint8Array | null;
  readonly ocspResponse: Uint8Array | null;
  readonly requestOCSP: boolean;
  readonly keylog: boolean;
  /** Server: JavaScript is asked which certificate to show for a name. */
  readonly askCertificate: boolean;
  /** JavaScript is asked whether the peer is the right one before anything is sent. */
  readonly askPeer: boolean;
}

/** What differs between the connections of a client's context. */
export interface NativeTlsConnection {
  /** The name to ask for; '' for none. */
  readonly servername: string;
  /** Under which name the server's sessions are kept; '' for not at all. */
  readonly sessionName: string;
  /** A session to go on with, in DER; null for one that was kept. */
  readonly session: Uint8Array | null;
}

export interface NativeTlsContext {
  /**
   * Makes it anew for connections to come; sessions and ticket keys stay.
   * @returns undefined, or what OpenSSL has against it (`NativeTlsFailure` in JSON)
   */
  configure(settings: NativeTlsSettings, server: boolean): string | undefined;
  maker(connection: NativeTlsConnection): LayerMaker;
  /** Seals tickets with new keys; what was sealed with the last ones is still good. */
  rotateTicketKeys(): void;
}

/** What OpenSSL said. */
export interface NativeTlsFailure {
  /** X509_V_ERR_… of the peer's chain; 0: it is not about that. */
  readonly verify: number;
  readonly text: string;
}

/** What a connection is like once its handshake is through. */
export interface NativeTlsInfo {
  readonly version: string;
  readonly cipher: string;
  readonly standardCipher: string;
  readonly cipherVersion: string;
  readonly alpn: string | null;
  readonly servername: string | null;
  readonly verifyResult: number;
  readonly verifyText: string;
  readonly reused: boolean;
}

export interface NativeTlsAddon {
  /** Of the layers that it makes; must be that of the first addon. */
  readonly layerAbi: number;
  /** Version of the OpenSSL in this process. */
  readonly openssl: string;
  readonly TlsContext: new () => NativeTlsContext;
}

/** Questions of a layer: the result of `COMPLETION_OP_LAYER`. */
export const ASK_CERTIFICATE = 1;
export const ASK_PEER = 2;

/** What `askLayer` can be asked. */
export const TELL_INFO = 1;
export const TELL_FAILURE = 2;
export const TELL_PEER = 3;
export const TELL_OWN = 4;
export const TELL_SESSION = 5;
export const TELL_KEY_LOG = 6;
export const TELL_OCSP = 7;
export const TELL_HEARD = 8;
