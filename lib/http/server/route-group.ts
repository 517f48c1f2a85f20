import { checkOptions } from '../../core/support/options.ts';
import { describe } from '../message/outgoing-body.ts';
import { checkMiddleware } from './middleware-chain.ts';
import type { Middleware } from './middleware-chain.ts';
import type { Handler, Route, Routes } from './serve-options.ts';

/** Options of `group`. */
export interface GroupOptions<Paths extends string = string> {
  /** Routes by path below the prefix; '/' is the prefix itself. */
  routes?: Routes<Paths>;
  /**
   * Middleware around the routes of this group, inside that of the server and of enclosing groups.
   */
  middleware?: readonly Middleware[];
  /** Handles every path below the prefix that has no route. */
  fetch?: Handler;
}

/** A route of a group, with its middleware. */
export class GroupedRoute {
  readonly route: Route;
  readonly middleware: readonly Middleware[];

  constructor(route: Route, middleware: readonly Middleware[]) {
    this.route = route;
    this.middleware = middleware;
  }
}

/**
 * Routes by path, in the form that `serve` takes. So a group can be mounted below a path
 * (`{ '/api': group(…) }`), or spread among other routes (`{ ...group('/api', …) }`).
 */
export class RouteGroup {
  [path: string]: GroupedRoute;
}

/**
 * Routes with a common prefix and middleware of their own. Groups may be nested, and defined
 * elsewhere: this is how an application is mounted in another one.
 *
 * @param prefix - what all paths begin with, below the path at which the group is mounted; default
 * none
 * @throws TypeError for an invalid prefix, route or middleware
 * @example
 * serve({
 *   routes: {
 *     '/': home,
 *     '/api': group({ middleware: [authenticate], routes: { '/users/:id': showUser } }),
 *     ...group('/admin', { middleware: [onlyAdmins], routes: { '/': overview } }),
 *   },
 * });
 */
export function group<Paths extends string>(options: GroupOptions<Paths>): RouteGroup;
export function group<Paths extends string>(
  prefix: string,
  options: GroupOptions<Paths>,
): RouteGroup;
export function group(...given: unknown[]): RouteGroup {
  const prefix = given.length > 1 ? given[0] : '';
  const options = given[given.length > 1 ? 1 : 0] as GroupOptions;
  checkOptions('group()', options, ['routes', 'middleware', 'fetch']);
  if (typeof prefix !== 'string' || (prefix !== '' && !prefix.startsWith('/'))) {
    throw new TypeError(`group(): the prefix must be a path, not ${describe(prefix)}`);
  }
  const { routes = {}, middleware = [], fetch } = options;
  checkRoutes('group()', routes);
  checkMiddleware('group()', middleware);
  const made = new RouteGroup();
  for (const [path, route] of Object.entries(routes)) {
    made[joinPaths(prefix, path)] = new GroupedRoute(route as Route, middleware);
  }
  if (fetch !== undefined) {
    if (typeof fetch !== 'function') {
      throw new TypeError(`group(): fetch must be a function, not ${describe(fetch)}`);
    }
    const all = new GroupedRoute(fetch, middleware);
    made[joinPaths(prefix, '/')] ??= all;
    made[joinPaths(prefix, '/*')] ??= all;
  }
  return made;
}

/** Joins two paths; '/' below a prefix is the prefix itself. */
export function joinPaths(prefix: string, path: string): string {
  const start = prefix.replace(/\/$/, '');
  return path === '/' && start !== '' ? start : start + path;
}

/** @throws TypeError unless it is an object with paths as keys */
export function checkRoutes(where: string, routes: unknown): void {
  if (typeof routes === 'object' && routes !== null && !(Symbol.iterator in routes)) return;
  throw new TypeError(`${where}: routes must be an object of paths, not ${describe(routes)}`);
}
