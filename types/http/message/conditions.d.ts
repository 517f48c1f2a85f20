/** An entity tag. */
export interface EntityTag {
    readonly value: string;
    /** Only as good as the other, and not the same bytes. */
    readonly weak: boolean;
}
/** The conditions of a request; null for what is not there, or cannot be read. */
export interface Conditions {
    readonly ifMatch: readonly EntityTag[] | '*' | null;
    readonly ifNoneMatch: readonly EntityTag[] | '*' | null;
    readonly ifModifiedSince: Date | null;
    readonly ifUnmodifiedSince: Date | null;
    readonly ifRange: EntityTag | Date | null;
}
