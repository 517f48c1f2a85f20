/** Which proxies are trusted, and what they write. */
export interface TrustedProxiesInit {
    /** Addresses, networks as `10.0.0.0/8`, 'loopback', 'private', 'unix'. */
    addresses: readonly string[];
    /**
     * 'x-forwarded' for X-Forwarded-For, -Proto and -Host, which is the default, or 'forwarded' for
     * the one of RFC 7239. Only one, since a proxy that writes one of them hands the other on as the
     * client has sent it.
     */
    fields?: 'x-forwarded' | 'forwarded';
    /**
     * Whether these proxies begin each connection with a header of the PROXY protocol, of version 1
     * or 2, before TLS. Then they all must, and nobody else may. False by default.
     */
    proxyProtocol?: boolean;
}
