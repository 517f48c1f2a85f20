/** Somebody who can be given one frame that all others get, too. */
export interface Subscriber {
}
