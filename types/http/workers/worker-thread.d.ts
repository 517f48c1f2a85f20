/** Who wants to know what becomes of a thread. It is told within Node's turn, not the loop's. */
export interface ThreadOwner {
}
