/** Methods of every Buffer for one fixed encoding, which skip the dispatch on its name. */
export interface RawBuffer extends Buffer {
    latin1Slice(start: number, end: number): string;
    utf8Slice(start: number, end: number): string;
    ucs2Slice(start: number, end: number): string;
    latin1Write(text: string, offset: number): number;
    utf8Write(text: string, offset: number): number;
}
