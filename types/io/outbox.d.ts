import type { NativeEngine } from '../native/binding.ts';
/**
 * What is unsent of one connection and has no place in C++, which holds 256 KiB of it at the most.
 * A connection has an outbox only while its peer is behind.
 *
 * Large buffers stand here as they were given, with a mark of how far they are sent: a thousand
 * peers that do not read one shared buffer have that buffer and nothing else. All other bytes are
 * copied, into blocks. C++ takes from the front when its own queue is empty, and never keeps a
 * pointer to what it has seen here.
 */
export declare class Outbox {
    #private;
    /** Bytes that wait here. */
    size: number;
    /** The submission that follows the last byte, 0 for none: a close or a shutdown. */
    then: number;
    /** Keeps bytes where they are; whoever has them must not change them until they are sent. */
    lend(bytes: Uint8Array, from: number, to: number): void;
    /** Keeps a copy. */
    copy(bytes: Uint8Array, from: number, to: number): void;
    /** Gives C++ as much as it takes. @returns 0, or a negative errno when there is no going on */
    feed(engine: NativeEngine, handle: number, generation: number): number;
    /** Makes copies of what was lent: its owner may change it from now on. */
    own(): void;
}
