/**
 * What a broadcast keeps: items that some receiver has still to read, each once, however many
 * receivers there are. Items have consecutive numbers, and an item is dropped when the last of
 * those it was sent to has read it. Every operation is O(1) for an item and reader.
 */
export declare class Backlog<T> {
    #private;
    /** The number of the oldest item that is kept. */
    get first(): number;
    /** The number that the next item will have. */
    get end(): number;
    get size(): number;
    /** @param readers - how many will read it or `skip` it; at least one */
    push(item: T, readers: number): void;
    /** One reader has come to this item. */
    read(number: number): T;
    /** One reader goes away that has still to read this item and all after it. */
    skip(number: number): void;
    dropOldest(): void;
}
