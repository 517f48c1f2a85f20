/** Conditional requests (RFC 9110, 13): requests that depend on whether the content has changed. */
import type { ReadonlyHeaders } from './headers.ts';

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

/** The properties of the content that conditions are compared with. */
export interface Validators {
  /** In the format of the ETag field: `"abc"` or `W/"abc"`. */
  readonly etag: string | null;
  readonly lastModified: Date | null;
}

const TAGS = /\s*(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)/y;

function readTags(text: string | null): readonly EntityTag[] | '*' | null {
  if (text === null) return null;
  if (text.trim() === '*') return '*';
  const tags: EntityTag[] = [];
  TAGS.lastIndex = 0;
  for (let at = 0; at < text.length; at = TAGS.lastIndex) {
    TAGS.lastIndex = at;
    const match = TAGS.exec(text);
    if (match === null) return tags;
    tags.push({ value: match[2]!, weak: match[1] !== undefined });
  }
  return tags;
}

/** Parses a date in a format of HTTP; other formats that `Date.parse` accepts give null. */
export function readDate(text: string | null): Date | null {
  if (text === null || !/^[A-Za-z]{3,9},? .*\d\d:\d\d:\d\d/.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : new Date(time);
}

export function readConditions(headers: ReadonlyHeaders): Conditions {
  const ifRange = headers.get('if-range');
  const tag = readTags(ifRange);
  return {
    ifMatch: readTags(headers.get('if-match')),
    ifNoneMatch: readTags(headers.get('if-none-match')),
    ifModifiedSince: readDate(headers.get('if-modified-since')),
    ifUnmodifiedSince: readDate(headers.get('if-unmodified-since')),
    ifRange: tag !== null && tag !== '*' && tag.length === 1 ? tag[0]! : readDate(ifRange),
  };
}

/**
 * The status to answer with instead of the content: 412, 304, or 0 for the content itself (RFC
 * 9110, 13.2.2). For methods that read; others answer 412 where this returns 304.
 */
export function failedCondition(conditions: Conditions, validators: Validators): 0 | 304 | 412 {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  const modified = seconds(validators.lastModified);
  if (ifMatch !== null) {
    if (ifMatch !== '*' && !ifMatch.some((tag) => isSame(tag, validators.etag))) return 412;
  } else if (ifUnmodifiedSince !== null && modified !== null) {
    if (modified > seconds(ifUnmodifiedSince)!) return 412;
  }
  if (ifNoneMatch !== null) {
    if (ifNoneMatch === '*' || ifNoneMatch.some((tag) => isAlike(tag, validators.etag))) return 304;
  } else if (ifModifiedSince !== null && modified !== null) {
    if (modified <= seconds(ifModifiedSince)!) return 304;
  }
  return 0;
}

/**
 * Whether the content is still the one of which the client has other parts, so that its Range field
 * applies. @param given - whether there is an If-Range field
 */
export function rangeHolds(
  { ifRange }: Conditions,
  validators: Validators,
  given: boolean,
): boolean {
  if (!given) return true;
  if (ifRange === null) return false;
  if (ifRange instanceof Date) return seconds(ifRange) === seconds(validators.lastModified);
  return isSame(ifRange, validators.etag);
}

/** Whole seconds, since dates of HTTP have no fractions. */
function seconds(date: Date | null): number | null {
  return date === null ? null : Math.floor(date.getTime() / 1000);
}

function isSame(tag: EntityTag, etag: string | null): boolean {
  return etag !== null && !tag.weak && etag === `"${tag.value}"`;
}

function isAlike(tag: EntityTag, etag: string | null): boolean {
  return etag !== null && etag.replace(/^W\//, '') === `"${tag.value}"`;
}
