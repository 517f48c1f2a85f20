/**
 * Where the addon's binary may be. Pure but for {@link currentTarget}, so that tests can ask about
 * platforms that they do not run on.
 */
/** C library of a Linux system; `''` where there is no such choice. */
export type Libc = 'glibc' | 'musl' | '';
/** What one binary fits; Node's version is no part of it, because Node-API is stable. */
export interface Target {
    readonly platform: string;
    readonly arch: string;
    readonly libc: Libc;
}
/**
 * Name of a target's folder in `prebuilds/`.
 *
 * @example
 * targetName({ platform: 'linux', arch: 'x64', libc: 'musl' }); // 'linux-x64-musl'
 */
export declare function targetName({ platform, arch, libc }: Target): string;
/**
 * Paths to try, in order: the prebuilt binary of a package, then the local build.
 *
 * @param root - folder that has `package.json`
 * @param override - value of `OXBOW_BINARY`: when it is given, nothing else is tried
 */
export declare function candidates(root: string, target: Target, override?: string): string[];
/**
 * Path of the dynamic linker that an ELF program asks for, `''` when there is none in sight.
 *
 * @param head - the first bytes of the program; its headers stand there
 */
export declare function elfInterpreter(head: Uint8Array): string;
/**
 * C library of a Linux program. The program's own header decides, since a glibc system may have
 * musl's linker installed too; `hasMuslLinker` decides for programs without an interpreter.
 * `process.report` knows as well, but may take seconds because it looks up network names.
 */
export declare function libcOf(head: Uint8Array, hasMuslLinker: boolean): Libc;
/** The target of this process. */
export declare function currentTarget(): Target;
