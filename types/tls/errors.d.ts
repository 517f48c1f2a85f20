/** An error of TLS. */
export interface TlsError extends Error {
    /** Node's code: `CERT_HAS_EXPIRED`, `ERR_SSL_WRONG_VERSION_NUMBER`, … */
    code: string;
    /** The part of OpenSSL that reported it. */
    library?: string;
    /** OpenSSL's description. */
    reason?: string;
}
