/** The observer of a thread's life. It is called within Node's turn, not the loop's. */
export interface ThreadOwner {
}
