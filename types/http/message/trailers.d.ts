import type { HeadersInit, ReadonlyHeaders } from './headers.ts';
/** Trailers: fields, or a function that returns them once the body was sent. */
export type TrailersInit = HeadersInit | ReadonlyHeaders | (() => HeadersInit | ReadonlyHeaders);
