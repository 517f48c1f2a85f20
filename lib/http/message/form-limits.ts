/** Limits for the size of a form. */
import { describe } from '../../core/support/describe.ts';
import { checkOptions } from '../../core/support/options.ts';
import { HttpError } from './http-error.ts';
import { integer } from './option-values.ts';

/** Limits of a form. A form that exceeds one gets a 413. */
export interface FormOptions {
  /** The number of fields and files together; 1000 by default. */
  maxParts?: number;
  /** The number of files; 100 by default. */
  maxFiles?: number;
  /** The size of a field in bytes; 1 MiB by default. */
  maxFieldSize?: number;
  /** The size of a file in bytes; by default limited only by the size of the body. */
  maxFileSize?: number;
  /**
   * How many bytes of files, all together, are kept in memory; 1 MiB by default. The rest is
   * written to disk.
   */
  memory?: number;
  /**
   * Where files on disk are stored, each form in a new folder; the system's temporary folder by
   * default.
   */
  folder?: string;
}

/** The limits, checked and with defaults filled in. */
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

/** @throws TypeError or RangeError, naming the option, for wrong options */
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
