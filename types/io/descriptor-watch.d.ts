/** A descriptor number, or an object with a `fileno()` method. */
export type Descriptor = number | {
    fileno(): number;
};
