/** The JSON of some values that are packed together. */
export declare class SmallJson {
    #private;
    /** The text of an object or array; null where JSON is not exact, or it is not small. */
    write(value: object): string | null;
}
