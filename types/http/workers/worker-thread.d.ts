/** Notified about a thread. Called from Node's event loop, outside a turn of ours. */
export interface ThreadOwner {
}
