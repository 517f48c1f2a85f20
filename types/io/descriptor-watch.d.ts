/** A descriptor's number, or something that has one. */
export type Descriptor = number | {
    fileno(): number;
};
