import type { FileOptions } from '../message/file-body.ts';
import { RouteKind } from './route-kind.ts';
/** How a folder is served. */
export interface StaticOptions extends Omit<FileOptions, 'root' | 'type'> {
    /** What is sent for a folder, the first that is there; ['index.html'] by default. */
    index?: string | readonly string[];
    /**
     * Whether a folder without an index is answered with a list of what is in it; false by default.
     */
    listing?: boolean;
    /** Whether files and folders whose names begin with a dot are served; false by default. */
    dotfiles?: boolean;
    /** Whether symbolic links are followed that lead out of the folder; false by default. */
    followLinks?: boolean;
    /**
     * How many files are kept open, and of those of up to 64 KiB the content, so that who asks for
     * them next has them at once; 64 by default, 0 for none. A file that has changed is sent as it
     * is then; that a folder or a link leads elsewhere is seen within a second.
     */
    cache?: number;
}
/**
 * A route that serves the files of a folder and of those in it. It answers GET and HEAD, conditions
 * and ranges, and nothing that is outside of the folder: no `..`, no link that leads out, no name
 * that is written in a strange way. A folder's address gets a slash at its end.
 *
 * @param folder - a path, or a `file:` URL
 * @throws TypeError for a wrong option
 * @example
 * serve({ routes: { '/assets/*': staticFiles('public', { cacheControl: 'max-age=3600' }) } });
 */
export declare function staticFiles(folder: string | URL, options?: StaticOptions): RouteKind;
