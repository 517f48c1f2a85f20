/** Has each of these loops take a turn, if it is there and waits. */
export declare function wakeLoops(inboxes: readonly number[]): void;
