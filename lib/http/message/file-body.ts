/** A file as a body, and how it is described. */
import { fileURLToPath } from 'node:url';

import { describe } from '../../core/support/describe.ts';
import { checkFlags, checkOptions } from '../../core/support/options.ts';
import { FIELD_VALUE } from './grammar.ts';

/** How a file is served. */
export interface FileOptions {
  /**
   * The folder that the path counts from and cannot leave, by `..` or by a symbolic link. With it
   * the path may come from a client: what is not inside is a 404.
   */
  root?: string | URL;
  /** The Content-Type; by default what the name ends in says, else application/octet-stream. */
  type?: string;
  /** Has browsers save it: under its own name (true) or another one. */
  download?: boolean | string;
  /** The Cache-Control field; none by default. */
  cacheControl?: string;
  /** Whether parts of it may be asked for; true by default. */
  ranges?: boolean;
  /** Whether it has an ETag, of its time and size; true by default. */
  etag?: boolean;
  /** Whether it has a Last-Modified field; true by default. */
  lastModified?: boolean;
  /**
   * Whether a packed file that stands beside it, of the same name with `.br`, `.zst` or `.gz`, goes
   * out in its place to clients that can unpack it; false by default.
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
 * A file that is looked at when it is sent, any number of times. Who reads it as a stream gets its
 * bytes as they are; a server's answer does more.
 */
export class FileBody implements AsyncIterable<Uint8Array> {
  readonly path: string;
  readonly options: FileOptions;
  /** The folder that it cannot leave, or null. */
  readonly root: string | null;

  /** @throws TypeError or RangeError that names what is wrong */
  constructor(where: string, path: string | URL, options: FileOptions) {
    checkFileOptions(where, options, ['root']);
    this.root = options.root === undefined ? null : pathOf(where, 'root', options.root);
    // What a client has sent may be anything, and is looked for when it is sent.
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

/** The options of a call that takes `more` besides. */
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
