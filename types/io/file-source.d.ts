/** A file open for reading: a descriptor, or an object that has one. */
export type SentFile = number | {
    readonly fd: number;
} | {
    fileno(): number;
};
