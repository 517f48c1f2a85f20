import type { HeadersInit, ReadonlyHeaders } from './headers.ts';
/** What stands behind a body: fields, or a function that gives them when the body is through. */
export type TrailersInit = HeadersInit | ReadonlyHeaders | (() => HeadersInit | ReadonlyHeaders);
