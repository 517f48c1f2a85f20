/** A file as a body, and its options. */
import { fileURLToPath } from 'node:url';

import { describe } from '../../core/support/describe.ts';
import { checkFlags, checkOptions } from '../../core/support/options.ts';
import { FIELD_VALUE } from './grammar.ts';

/** Options for serving a file. */
export interface FileOptions {
  /**
   * The folder that the path is relative to and cannot leave, neither by `..` nor by a symbolic
   * link. With it the path may come from a client: a path outside is a 404.
   */
  root?: string | URL;
  /**
   * The Content-Type; by default chosen by the extension of the name, or else
   * application/octet-stream.
   */
  type?: string;
  /** Makes browsers save it: under its own name (true) or the given one. */
  download?: boolean | string;
  /** The Cache-Control field; none by default. */
  cacheControl?: string;
  /** Whether range requests are supported; true by default. */
  ranges?: boolean;
  /** Whether to send an ETag, made of its modification time and size; true by default. */
  etag?: boolean;
  /** Whether to send a Last-Modified field; true by default. */
  lastModified?: boolean;
  /**
   * Whether a compressed file next to it, of the same name plus `.br`, `.zst` or `.gz`, is sent
   * instead to clients that accept that coding; false by default.
   */
  precompressed?: boolean;
}

const FILE_OPTIONS: readonly string[] = [
  'type',
  'download',
  'cacheControl',
  'ranges',
  'etag',
  'lastModified',
  'precompressed',
];
const FILE_FLAGS = ['ranges', 'etag', 'lastModified', 'precompressed'];

/**
 * A file as a body. It is opened each time it is sent. Read as a stream it gives the plain bytes of
 * the file; a server also applies the options.
 */
export class FileBody implements AsyncIterable<Uint8Array> {
  readonly path: string;
  readonly options: FileOptions;
  /** The folder that the path cannot leave, or null. */
  readonly root: string | null;

  /** @throws TypeError or RangeError for a wrong path or wrong options */
  constructor(where: string, path: string | URL, options: FileOptions) {
    checkFileOptions(where, options, ['root']);
    this.root = options.root === undefined ? null : pathOf(where, 'root', options.root);
    // With `root` the path may come from a client: it is checked when the file is sent.
    this.path = this.root !== null && typeof path === 'string' ? path : pathOf(where, 'path', path);
    this.options = options;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    yield* process.getBuiltinModule('node:fs').createReadStream(this.path);
  }

  toString(): string {
    return `FileBody { ${this.path} }`;
  }
}

/** Checks the options of a call that also accepts those named in `more`. */
export function checkFileOptions(
  where: string,
  options: FileOptions,
  more: readonly string[],
): void {
  checkOptions(where, options, [...FILE_OPTIONS, ...more]);
  checkFlags(where, options, FILE_FLAGS);
  const { type, download, cacheControl } = options;
  for (const [name, value] of Object.entries({ type, cacheControl })) {
    if (value === undefined || (typeof value === 'string' && FIELD_VALUE.test(value))) continue;
    throw new TypeError(`${where}: ${name} must be the text of a field, not ${describe(value)}`);
  }
  if (download !== undefined && typeof download !== 'boolean' && typeof download !== 'string') {
    throw new TypeError(`${where}: download must be true or a name, not ${describe(download)}`);
  }
}

export function pathOf(where: string, name: string, path: unknown): string {
  const text = path instanceof URL ? fileURLToPath(path) : path;
  if (typeof text !== 'string' || text === '') {
    throw new TypeError(`${where}: ${name} must be a path or a file: URL, not ${describe(path)}`);
  }
  if (text.includes('\0')) throw new TypeError(`${where}: ${name} has a NUL character`);
  return text;
}
