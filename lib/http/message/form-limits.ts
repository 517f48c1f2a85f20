/** How large a form may be. */
import { describe } from '../../core/support/describe.ts';
import { checkOptions } from '../../core/support/options.ts';
import { HttpError } from './http-error.ts';
import { integer } from './option-values.ts';

/** Bounds of a form. What goes beyond one gets a 413. */
export interface FormOptions {
  /** Fields and files together; 1000 by default. */
  maxParts?: number;
  /** Files; 100 by default. */
  maxFiles?: number;
  /** Bytes of a field; 1 MiB by default. */
  maxFieldSize?: number;
  /** Bytes of a file; by default as many as a body may have. */
  maxFileSize?: number;
  /** Bytes of files, all together, that stay in memory; 1 MiB by default. The rest is on disk. */
  memory?: number;
  /** Where files on disk are put, in a folder of their own; the system's for such by default. */
  folder?: string;
}

/** The same, checked. */
export interface FormLimits {
  readonly maxParts: number;
  readonly maxFiles: number;
  readonly maxFieldSize: number;
  readonly maxFileSize: number;
  readonly memory: number;
  readonly folder: string | null;
}

const NAMES = ['maxParts', 'maxFiles', 'maxFieldSize', 'maxFileSize', 'memory', 'folder'];
const MOST = 2 ** 53 - 1;

/** @throws TypeError or RangeError that names the option */
export function checkFormOptions(where: string, options: FormOptions): FormLimits {
  checkOptions(where, options, NAMES);
  const { folder = null } = options;
  if (folder !== null && (typeof folder !== 'string' || folder === '')) {
    throw new TypeError(`${where}: folder must be a path, not ${describe(folder)}`);
  }
  return {
    maxParts: integer('maxParts', options.maxParts ?? 1000, 0, MOST),
    maxFiles: integer('maxFiles', options.maxFiles ?? 100, 0, MOST),
    maxFieldSize: integer('maxFieldSize', options.maxFieldSize ?? 2 ** 20, 0, MOST),
    maxFileSize: integer('maxFileSize', options.maxFileSize ?? MOST, 0, MOST),
    memory: integer('memory', options.memory ?? 2 ** 20, 0, MOST),
    folder,
  };
}

export function tooLarge(what: string): HttpError {
  return new HttpError(413, `the form has ${what}`);
}
