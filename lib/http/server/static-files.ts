/** A folder of files as a route. */
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

/** How a folder is served. */
export interface StaticOptions extends Omit<FileOptions, 'root' | 'type'> {
  /** What is sent for a folder, the first that is there; ['index.html'] by default. */
  index?: string | readonly string[];
  /**
   * Whether a folder without an index is answered with a list of what is in it; false by default.
   */
  listing?: boolean;
  /** Whether files and folders whose names begin with a dot are served; false by default. */
  dotfiles?: boolean;
  /** Whether symbolic links are followed that lead out of the folder; false by default. */
  followLinks?: boolean;
  /**
   * How many files are kept open, and of those of up to 64 KiB the content, so that who asks for
   * them next has them at once; 64 by default, 0 for none. A file that has changed is sent as it
   * is then; that a folder or a link leads elsewhere is seen within a second.
   */
  cache?: number;
}

const NAMES = ['index', 'listing', 'dotfiles', 'followLinks', 'cache'];

/** Files that are kept open, unless said otherwise. */
const KEPT = 64;
const KEPT_MAX = 10_000;

/**
 * A route that serves the files of a folder and of those in it. It answers GET and HEAD, conditions
 * and ranges, and nothing that is outside of the folder: no `..`, no link that leads out, no name
 * that is written in a strange way. A folder's address gets a slash at its end.
 *
 * @param folder - a path, or a `file:` URL
 * @throws TypeError for a wrong option
 * @example
 * serve({ routes: { '/assets/*': staticFiles('public', { cacheControl: 'max-age=3600' }) } });
 */
export function staticFiles(folder: string | URL, options: StaticOptions = {}): RouteKind {
  return new StaticFiles(folder, options);
}

/** Where a file that is kept stands. */
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

  /** Where a file is looked for among those that are kept. What the answer depends on is there. */
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
      // The folder itself, which is not a file without its slash.
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
    // With its slash it would be a folder to the system, too, or nothing.
    const path = [this.#folder, ...(asFolder ? names.slice(0, -1) : names)].join('/');
    try {
      const status = yield* fileCall<BigIntStats>(loop, 'stat', path);
      if (!status.isDirectory()) {
        // A slash behind a file is the address of nothing.
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

/** The same address with a slash, so that what the page names is looked for in the folder. */
function withSlash(request: Request): Response {
  const { path, target } = request;
  const query = target.indexOf('?');
  // Two slashes at the front would be the address of another host.
  const own = path.replace(/^\/{2,}/, '/');
  return new Response(null, {
    status: 301,
    headers: { location: `${own}/${query === -1 ? '' : target.slice(query)}` },
  });
}

/**
 * The names of a path, decoded once; the last one is '' when it ends with a slash. Null when it is
 * no path of a file: what is decoded must be one plain name.
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
