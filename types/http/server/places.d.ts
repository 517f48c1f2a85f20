/** Options of `serve` that say where it listens. */
export interface PlaceOptions {
    /** Port to listen on; 0 (the default) lets the system choose one. */
    port?: number;
    /**
     * Host name or address to listen on, or several. By default '127.0.0.1', which cannot be reached
     * from the network; or none if `unix` or `fd` is given without a `port`.
     */
    hostname?: string | readonly string[];
    /** Path of a Unix socket, or several; one that begins with NUL is an abstract name (Linux). */
    unix?: string | readonly string[];
    /**
     * Descriptor of a bound socket, or several, such as `detach()` of those from
     * `activatedSockets()`. The server owns it from then on, unless it fails to listen.
     */
    fd?: number | readonly number[];
}
