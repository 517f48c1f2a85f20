/**
 * Where the package is, for what it has besides JavaScript: the binary, and the files that threads
 * start with. A bundler that puts the JavaScript into a file of its own leaves these behind.
 */
/**
 * The folder that has `package.json`, as far as this file can know: in a bundle it is another, and
 * a bundle of CommonJS has none (`import.meta.url` is undefined there).
 */
export declare function packageRoot(): string | undefined;
/** Whether that folder is really ours. */
export declare function isPackage(root: string | undefined): boolean;
/** What to tell whoever has bundled the package, and lacks `what` now. */
export declare function bundledError(what: string): Error;
/** Throws unless the package's own files are there; `what` names the ones that are wanted. */
export declare function requirePackage(what: string): void;
