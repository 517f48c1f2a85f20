/** An entity tag. */
export interface EntityTag {
    readonly value: string;
    /** Whether it is weak: equal tags mean equivalent content, not the same bytes. */
    readonly weak: boolean;
}
/** The conditions of a request; null for fields that are missing or malformed. */
export interface Conditions {
    readonly ifMatch: readonly EntityTag[] | '*' | null;
    readonly ifNoneMatch: readonly EntityTag[] | '*' | null;
    readonly ifModifiedSince: Date | null;
    readonly ifUnmodifiedSince: Date | null;
    readonly ifRange: EntityTag | Date | null;
}
