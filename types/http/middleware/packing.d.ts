/** The supported content codings. */
export type ContentCoding = 'gzip' | 'br' | 'zstd';
