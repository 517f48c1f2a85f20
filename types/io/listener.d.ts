/** Receives the connections that a listener accepts. */
export interface Acceptor {
}
