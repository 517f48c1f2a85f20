/** Limits of a form. A form that exceeds one gets a 413. */
export interface FormOptions {
    /** The number of fields and files together; 1000 by default. */
    maxParts?: number;
    /** The number of files; 100 by default. */
    maxFiles?: number;
    /** The size of a field in bytes; 1 MiB by default. */
    maxFieldSize?: number;
    /** The size of a file in bytes; by default limited only by the size of the body. */
    maxFileSize?: number;
    /**
     * How many bytes of files, all together, are kept in memory; 1 MiB by default. The rest is
     * written to disk.
     */
    memory?: number;
    /**
     * Where files on disk are stored, each form in a new folder; the system's temporary folder by
     * default.
     */
    folder?: string;
}
