/** A server whose sockets another process can take over. */
export interface Handing {
}
