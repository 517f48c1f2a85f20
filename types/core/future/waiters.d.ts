/** Told at once, inside the call that settles the future; must only make notes and enqueue. */
export interface Waiter {
}
