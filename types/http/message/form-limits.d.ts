/** Bounds of a form. What goes beyond one gets a 413. */
export interface FormOptions {
    /** Fields and files together; 1000 by default. */
    maxParts?: number;
    /** Files; 100 by default. */
    maxFiles?: number;
    /** Bytes of a field; 1 MiB by default. */
    maxFieldSize?: number;
    /** Bytes of a file; by default as many as a body may have. */
    maxFileSize?: number;
    /** Bytes of files, all together, that stay in memory; 1 MiB by default. The rest is on disk. */
    memory?: number;
    /** Where files on disk are put, in a folder of their own; the system's for such by default. */
    folder?: string;
}
