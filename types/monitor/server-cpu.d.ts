/** @returns null where the system does not tell */
export declare function mainThreadComputes(): Promise<boolean | null>;
