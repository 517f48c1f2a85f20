/** The options of `serve` about it; one of each, or several. */
export interface PlaceOptions {
    /** Port to listen on; 0, the default, lets the system choose. */
    port?: number;
    /**
     * Name or address to listen on, or several. By default '127.0.0.1', so nothing is open to the
     * network; and none where there is `unix` or `fd`, and neither a `hostname` nor a `port`.
     */
    hostname?: string | readonly string[];
    /** Path of a Unix socket, or several; one that begins with NUL is abstract (Linux). */
    unix?: string | readonly string[];
    /**
     * Descriptor of a socket that is bound already, or several: what `activatedSockets()` gives has
     * it as `detach()`. It is the server's from then on, unless it cannot listen.
     */
    fd?: number | readonly number[];
}
