/** Who takes what a listener accepts. */
export interface Acceptor {
}
