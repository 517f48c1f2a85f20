import type { FileOptions } from '../message/file-body.ts';
import { RouteKind } from './route-kind.ts';
/** Options of `staticFiles`. */
export interface StaticOptions extends Omit<FileOptions, 'root' | 'type'> {
    /** The files to send for a folder; the first that exists is used. ['index.html'] by default. */
    index?: string | readonly string[];
    /**
     * Whether a folder without an index is answered with a list of its contents; false by default.
     */
    listing?: boolean;
    /** Whether files and folders whose names begin with a dot are served; false by default. */
    dotfiles?: boolean;
    /** Whether symbolic links that lead out of the folder are followed; false by default. */
    followLinks?: boolean;
    /**
     * How many files are kept open for further requests, with their content in memory up to 64 KiB;
     * 64 by default, 0 for none. A file that has changed is opened anew at once; that a path leads to
     * a different file is noticed within a second.
     */
    cache?: number;
}
/**
 * A route that serves the files of a folder and its subfolders. It handles GET and HEAD, with
 * conditions and ranges, and serves nothing outside the folder: no `..`, no links that lead out
 * (unless `followLinks`), no ambiguously encoded names. A folder's URL is redirected to end with a
 * slash.
 *
 * @param folder - a path, or a `file:` URL
 * @throws TypeError or RangeError for an invalid option
 * @example
 * serve({ routes: { '/assets/*': staticFiles('public', { cacheControl: 'max-age=3600' }) } });
 */
export declare function staticFiles(folder: string | URL, options?: StaticOptions): RouteKind;
