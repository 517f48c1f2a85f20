/** Whether another process could do what this one cannot. */
export declare function canStripTypes(): boolean;
/** Runs `oxbow` again with type stripping. @returns its exit code */
export declare function runStripping(args: readonly string[]): Promise<number>;
