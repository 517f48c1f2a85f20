/** A queue whose `shift` does not move what stays: a list that forgets its front in halves. */
export declare class Fifo<T> {
    #private;
    get size(): number;
    push(item: T): void;
    shift(): T | undefined;
}
