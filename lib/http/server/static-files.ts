/** A route that serves a folder of files. */
import type { BigIntStats, Dirent } from 'node:fs';

import { describe } from '../../core/support/describe.ts';
import { checkFlags } from '../../core/support/options.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { Coro } from '../../core/support/types.ts';
import { checkFileOptions, FileBody, pathOf } from '../message/file-body.ts';
import type { FileOptions } from '../message/file-body.ts';
import { HttpError } from '../message/http-error.ts';
import { integer } from '../message/option-values.ts';
import { CachedBody, FileCache } from './file-cache.ts';
import { fileCall } from './file-calls.ts';
import { listingOf } from './file-listing.ts';
import { inside, refusalOf } from './find-file.ts';
import type { Request } from './request.ts';
import { Response } from './response.ts';
import { RouteKind } from './route-kind.ts';
import type { HttpServer } from './server.ts';

/** Options of `staticFiles`. */
export interface StaticOptions extends Omit<FileOptions, 'root' | 'type'> {
  /** The files to send for a folder; the first that exists is used. ['index.html'] by default. */
  index?: string | readonly string[];
  /**
   * Whether a folder without an index is answered with a list of its contents; false by default.
   */
  listing?: boolean;
  /** Whether files and folders whose names begin with a dot are served; false by default. */
  dotfiles?: boolean;
  /** Whether symbolic links that lead out of the folder are followed; false by default. */
  followLinks?: boolean;
  /**
   * How many files are kept open for further requests, with their content in memory up to 64 KiB;
   * 64 by default, 0 for none. A file that has changed is opened anew at once; that a path leads to
   * a different file is noticed within a second.
   */
  cache?: number;
}

const NAMES = ['index', 'listing', 'dotfiles', 'followLinks', 'cache'];

/** How many files are kept open by default. */
const KEPT = 64;
const KEPT_MAX = 10_000;

/**
 * A route that serves the files of a folder and its subfolders. It handles GET and HEAD, with
 * conditions and ranges, and serves nothing outside the folder: no `..`, no links that lead out
 * (unless `followLinks`), no ambiguously encoded names. A folder's URL is redirected to end with a
 * slash.
 *
 * @param folder - a path, or a `file:` URL
 * @throws TypeError or RangeError for an invalid option
 * @example
 * serve({ routes: { '/assets/*': staticFiles('public', { cacheControl: 'max-age=3600' }) } });
 */
export function staticFiles(folder: string | URL, options: StaticOptions = {}): RouteKind {
  return new StaticFiles(folder, options);
}

/** A file's cache and its key there. */
interface Place {
  readonly cache: FileCache;
  readonly key: string;
}

class StaticFiles extends RouteKind {
  readonly _methods: readonly string[] = ['GET'];
  readonly #folder: string;
  readonly #index: readonly string[];
  readonly #listing: boolean;
  readonly #dotfiles: boolean;
  readonly #followLinks: boolean;
  readonly #options: FileOptions;
  readonly #kept: number;
  readonly #caches: WeakMap<HttpServer, FileCache> = new WeakMap();

  constructor(folder: string | URL, options: StaticOptions) {
    super();
    const where = 'staticFiles()';
    checkFileOptions(where, options, NAMES);
    checkFlags(where, options, ['listing', 'dotfiles', 'followLinks']);
    const { index, listing, dotfiles, followLinks, cache = KEPT, ...rest } = options;
    this.#folder = process.getBuiltinModule('node:path').resolve(pathOf(where, 'folder', folder));
    this.#index = indexOf(where, index);
    this.#listing = listing ?? false;
    this.#dotfiles = dotfiles ?? false;
    this.#followLinks = followLinks ?? false;
    this.#kept = integer(`${where}: cache`, cache, 0, KEPT_MAX);
    const root = this.#followLinks ? {} : { root: this.#folder };
    this.#options = { ...rest, ...root };
  }

  override get _below(): boolean {
    return true;
  }

  _handle(request: Request, server: HttpServer, rest: string): Coro<Response> | Response {
    const place = this.#placeOf(request, server, rest);
    const kept = place === null ? null : place.cache.find(place.key);
    if (kept !== null) return new Response(kept);
    const names = namesOf(rest, this.#dotfiles);
    return names === null ? notFound() : this.#answer(request, server, names, place);
  }

  /**
   * The cache and key for a request; the key includes everything that the choice of the file
   * depends on. Null when nothing is kept.
   */
  #placeOf(request: Request, server: HttpServer, rest: string): Place | null {
    if (this.#kept === 0) return null;
    let cache = this.#caches.get(server);
    if (cache === undefined) {
      const made = (cache = new FileCache(server._loop, this.#kept));
      this.#caches.set(server, made);
      server._whenOver(() => made.close());
    }
    let key = rest;
    if (rest === '') {
      // The folder itself: without a slash at the end it is redirected.
      if (!request.path.endsWith('/')) return null;
      key = '/';
    }
    if (this.#options.precompressed === true) {
      key += `\n${request.headers.get('accept-encoding') ?? ''}`;
    }
    return { cache, key };
  }

  override toString(): string {
    return `RouteKind { files of ${this.#folder} }`;
  }

  *#answer(
    request: Request,
    server: HttpServer,
    names: readonly string[],
    place: Place | null,
  ): Coro<Response> {
    const { _loop: loop } = server;
    const asFolder = names.at(-1) === '';
    // Without the slash at the end, with which the system would find only folders.
    const path = [this.#folder, ...(asFolder ? names.slice(0, -1) : names)].join('/');
    try {
      const status = yield* fileCall<BigIntStats>(loop, 'stat', path);
      if (!status.isDirectory()) {
        // A file's path followed by a slash is not found.
        return asFolder ? notFound() : this.#file(path, place);
      }
      if (!request.path.endsWith('/')) return withSlash(request);
      for (const name of this.#index) {
        const file = `${path}/${name}`;
        if (yield* this.#isFile(server, file)) return this.#file(file, place);
      }
      if (!this.#listing) return notFound();
      const folder = this.#followLinks ? path : yield* inside(loop, this.#folder, path);
      const entries = yield* fileCall<Dirent[]>(loop, 'readdir', folder, { withFileTypes: true });
      return listingOf(request.path, entries, this.#dotfiles, names.length > 0);
    } catch (error) {
      const refusal = refusalOf(error);
      if (!(refusal instanceof HttpError)) throw refusal;
      return new Response(refusal.message, { status: refusal.status });
    }
  }

  #file(path: string, place: Place | null): Response {
    const where = 'staticFiles()';
    return new Response(
      place === null
        ? new FileBody(where, path, this.#options)
        : new CachedBody(place.cache, place.key, where, path, this.#options),
    );
  }

  *#isFile(server: HttpServer, path: string): Coro<boolean> {
    try {
      return (yield* fileCall<BigIntStats>(server._loop, 'stat', path)).isFile();
    } catch (error) {
      if (refusalOf(error) instanceof HttpError) return false;
      throw error;
    }
  }
}

showsText(StaticFiles);

function notFound(): Response {
  return new Response('Not Found', { status: 404 });
}

/**
 * Redirects to the same path with a slash, so that relative links in the page refer to the folder.
 */
function withSlash(request: Request): Response {
  const { path, target } = request;
  const query = target.indexOf('?');
  // A location with two leading slashes would name another host.
  const own = path.replace(/^\/{2,}/, '/');
  return new Response(null, {
    status: 301,
    headers: { location: `${own}/${query === -1 ? '' : target.slice(query)}` },
  });
}

/**
 * The names in a path, decoded once; the last one is '' if the path ends with a slash. Null if it
 * cannot be the path of a file: each decoded name must be a single plain name.
 */
export function namesOf(path: string, dotfiles: boolean): readonly string[] | null {
  if (path === '') return [];
  const names: string[] = [];
  const parts = path.split('/');
  for (const part of parts) {
    let name: string;
    try {
      name = decodeURIComponent(part);
    } catch {
      return null;
    }
    if (name === '' && names.length !== parts.length - 1) return null;
    if (name === '.' || name === '..' || /[/\\\0]/.test(name)) return null;
    if (name.startsWith('.') && !dotfiles) return null;
    names.push(name);
  }
  return names;
}

function indexOf(where: string, index: unknown): readonly string[] {
  const names = index === undefined ? ['index.html'] : typeof index === 'string' ? [index] : index;
  if (
    !Array.isArray(names) ||
    names.some((name) => typeof name !== 'string' || name === '' || /[/\0]/.test(name))
  ) {
    throw new TypeError(`${where}: index must be names of files, not ${describe(index)}`);
  }
  return names;
}
