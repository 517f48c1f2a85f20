/**
 * Loads the addon: lazily, so that importing the package costs nothing and has no side effect, and
 * synchronously, so that the package can be `require`d.
 */
import type { NativeAddon } from './binding.ts';
import type { Target } from './locate.ts';
/**
 * The addon of this process; the first call loads it. `OXBOW_BINARY` in the environment names a
 * binary to take instead of the package's own.
 *
 * @throws Error with code `ERR_OXBOW_NO_BINARY` when no binary is there for this platform or none
 *   can be loaded; it names every path that was tried and the command that builds one.
 * @throws Error with code `ERR_OXBOW_STALE_BINARY` when the binary was built from other sources
 *   than this JavaScript.
 * @throws Error with code `ERR_OXBOW_RUNTIME` in Bun and Deno, `ERR_OXBOW_NO_ADDONS` when Node was
 *   started without addons, `ERR_OXBOW_BUNDLED` in a bundle that has left the binary behind.
 */
export declare function loadAddon(): NativeAddon;
/**
 * Refuses what is not Node. Without this Bun ends the whole process at the first call into libuv,
 * and Deno when it binds the binary's symbols: neither leaves anything to catch.
 */
export declare function checkRuntime(versions: Readonly<Record<string, string | undefined>>): void;
/** What loading depends on; tests give their own. */
export interface LoadOptions {
    readonly root: string;
    readonly target: Target;
    readonly override?: string | undefined;
    readonly exists: (path: string) => boolean;
    readonly load: (path: string) => unknown;
    /** Asked when there is no binary: whether this JavaScript was taken out of its package. */
    readonly bundled?: () => boolean;
}
/** Loads the first candidate that can be loaded, and checks that it fits this JavaScript. */
export declare function loadFrom(options: LoadOptions): NativeAddon;
