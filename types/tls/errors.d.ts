/** An error of TLS. */
export interface TlsError extends Error {
    /** As Node has it: `CERT_HAS_EXPIRED`, `ERR_SSL_WRONG_VERSION_NUMBER`, … */
    code: string;
    /** The part of OpenSSL that it came from. */
    library?: string;
    /** OpenSSL's words for it. */
    reason?: string;
}
