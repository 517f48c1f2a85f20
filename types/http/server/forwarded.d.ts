/** Which proxies are trusted, and which fields they send. */
export interface TrustedProxiesInit {
    /** Addresses, networks (`10.0.0.0/8`), 'loopback', 'private' or 'unix'. */
    addresses: readonly string[];
    /**
     * 'x-forwarded' (the default) for X-Forwarded-For, -Proto and -Host, or 'forwarded' for RFC
     * 7239's Forwarded. Only one of them, since a proxy that sets one passes the other on as the
     * client sent it.
     */
    fields?: 'x-forwarded' | 'forwarded';
    /**
     * Whether these proxies begin each connection with a header of the PROXY protocol, version 1 or
     * 2, before TLS. If so, each of their connections must have one, and no other connection may.
     * False by default.
     */
    proxyProtocol?: boolean;
}
