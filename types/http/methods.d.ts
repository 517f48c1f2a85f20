/** Method names by the parser's numbers (native/http/types.h); 0 is any other token. */
export declare const METHODS: ReadonlyArray<string | undefined>;
export declare const METHOD_HEAD = 2;
export declare const METHOD_CONNECT = 6;
