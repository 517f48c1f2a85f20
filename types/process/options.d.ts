/** A descriptor of ours that the program gets: its number, or a file that is open. */
export type GivenDescriptor = number | {
    readonly fd: number;
};
/** What the program's stdin, stdout or stderr is. */
export type Stdio = 'inherit' | 'pipe' | 'null' | GivenDescriptor;
/** How a program is started. */
export interface SpawnOptions {
    /**
     * `'inherit'` (the default): ours; `'pipe'`: a pipe to us; `'null'`: nothing; or a descriptor.
     */
    stdin?: Stdio;
    /** As `stdin`. */
    stdout?: Stdio;
    /** As `stdin`; or `'stdout'`: the same as stdout. */
    stderr?: Stdio | 'stdout';
    /** The folder it begins in; default: ours. */
    cwd?: string | URL;
    /**
     * All its environment variables; default: ours. The program is looked for in their PATH. Those
     * that are undefined are left out.
     */
    env?: Readonly<Record<string, string | number | undefined>>;
    /** The user it runs as, by number, without further groups; default: ours. */
    uid?: number;
    /** The group it runs as, by number; default: ours. */
    gid?: number;
    /** Which permissions its new files do not have; default: ours. */
    umask?: number;
    /**
     * Descriptors from 3 on that it gets under the same numbers. All others are closed in it, whoever
     * has opened them.
     */
    passFds?: readonly number[];
    /**
     * Whether it is the first of a session of its own (`setsid`) and may outlive the loop, which ends
     * all other children when it is closed; default false.
     */
    detached?: boolean;
    /** The process group it joins; 0: a new one, which is called after its pid. Default: ours. */
    processGroup?: number;
}
