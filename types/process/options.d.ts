/** A descriptor of this process for the program: its number, or an open file. */
export type GivenDescriptor = number | {
    readonly fd: number;
};
/** What the program gets as stdin, stdout or stderr. */
export type Stdio = 'inherit' | 'pipe' | 'null' | GivenDescriptor;
/** Options for starting a program. */
export interface SpawnOptions {
    /**
     * `'inherit'` (the default): this process's own; `'pipe'`: a pipe to this process; `'null'`:
     * `/dev/null`; or a descriptor.
     */
    stdin?: Stdio;
    /** As `stdin`. */
    stdout?: Stdio;
    /** As `stdin`; or `'stdout'`: the same descriptor as its stdout. */
    stderr?: Stdio | 'stdout';
    /** Its working directory; by default that of this process. */
    cwd?: string | URL;
    /**
     * Its complete environment; by default that of this process. The program is searched for in its
     * PATH. Undefined values are left out.
     */
    env?: Readonly<Record<string, string | number | undefined>>;
    /**
     * The numeric user id it runs as, without supplementary groups; by default that of this process.
     */
    uid?: number;
    /** The numeric group id it runs as; by default that of this process. */
    gid?: number;
    /** Its umask: the permission bits that new files do not get; by default that of this process. */
    umask?: number;
    /**
     * Descriptors, 3 or greater, that it gets under the same numbers. All others are closed in the
     * child, whoever opened them.
     */
    passFds?: readonly number[];
    /**
     * Whether it starts a new session (`setsid`) and may outlive the loop, which kills its other
     * children when it is closed; false by default.
     */
    detached?: boolean;
    /**
     * The process group it joins; 0: a new group with its pid as the number. By default that of this
     * process.
     */
    processGroup?: number;
}
