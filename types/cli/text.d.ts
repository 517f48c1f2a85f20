/** How text that does not fit is told, and how trees and bars are drawn. */
export interface Style {
    readonly ellipsis: string;
    readonly branch: string;
    readonly last: string;
    readonly pass: string;
    readonly full: string;
    readonly empty: string;
}
export declare const UNICODE: Style;
export declare const ASCII: Style;
/** The style for a terminal, as the environment describes it. */
export declare function styleFor(environment: Readonly<Record<string, string | undefined>>, ascii: boolean): Style;
/**
 * How many columns there are: of the terminal, or as COLUMNS says. What goes into a file or a pipe
 * is not cut.
 *
 * @param columns - of a terminal; 0 when it does not say; undefined when it is none
 */
export declare function widthOf(columns: number | undefined, environment: Readonly<Record<string, string | undefined>>): number;
/** The text on one line, without anything that a terminal would act on. */
export declare function harmless(text: string): string;
/** The same in ASCII alone, where the terminal knows no more. */
export declare function drawable(text: string, style: Style): string;
/** Columns that a text takes. */
export declare function columns(text: string): number;
/** The beginning of a text, as much as fits. */
export declare function cutRight(text: string, width: number, style: Style): string;
/** The end of a text: for paths, whose end says more. */
export declare function cutLeft(text: string, width: number, style: Style): string;
/** Breaks a sentence into lines; a word that is too long for one is cut. */
export declare function wrap(text: string, width: number, style: Style): string[];
/** Filled up with spaces. */
export declare function pad(text: string, width: number, right?: boolean): string;
/** Seconds, with three digits and a fitting unit. */
export declare function duration(seconds: number, style: Style): string;
