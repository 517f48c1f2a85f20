/** Content codings that can be made. */
export type ContentCoding = 'gzip' | 'br' | 'zstd';
