import type { Style } from './text.ts';
export interface Column {
    readonly title: string;
    /** It is not made narrower than this, unless nothing else helps. */
    readonly least: number;
    /** Numbers stand on the right. */
    readonly right?: boolean | undefined;
    /** What does not fit loses its beginning. */
    readonly keepEnd?: boolean | undefined;
}
/** The lines of a table; none is wider than `width`, and none has spaces at its end. */
export declare function table(layout: readonly Column[], rows: readonly (readonly string[])[], width: number, style: Style): string[];
