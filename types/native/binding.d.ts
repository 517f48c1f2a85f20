/**
 * What the addon offers, as types. The addon trusts these: arguments are checked in the rooms
 * above, where the message can name the user's own argument.
 *
 * Calls that can fail answer with a negative errno; `errnoError` in core makes the Error of it.
 */
/**
 * What bounds the head of an HTTP message. They belong to a listener or to one connection and never
 * change: a parser has measured half a head with them. What is left out has its default; C++ cuts
 * off what is more than it can tell of.
 */
export interface MessageLimits {
    /** Bytes of the first line and of each field: 8190 by default, 65000 at most. */
    readonly lineSize?: number;
    /** Fields of a head, and again of trailers: 128 by default, 4096 at most. */
    readonly headers?: number;
    /** Bytes of the whole head: 65536 by default, and at most. */
    readonly headSize?: number;
}
