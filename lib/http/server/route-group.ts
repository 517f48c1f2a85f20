import { checkOptions } from '../../core/support/options.ts';
import { describe } from '../message/outgoing-body.ts';
import { checkMiddleware } from './middleware-chain.ts';
import type { Middleware } from './middleware-chain.ts';
import type { Handler, Route, Routes } from './serve-options.ts';

/** What `group` is made of. */
export interface GroupOptions<Paths extends string = string> {
  /** Paths below the prefix, and what answers them; '/' stands for the prefix itself. */
  routes?: Routes<Paths>;
  /** Goes around the routes of this group, within the server's and that of groups around it. */
  middleware?: readonly Middleware[];
  /** Answers every path below the prefix that no route takes. */
  fetch?: Handler;
}

/** A route of a group, with what goes around it. */
export class GroupedRoute {
  readonly route: Route;
  readonly middleware: readonly Middleware[];

  constructor(route: Route, middleware: readonly Middleware[]) {
    this.route = route;
    this.middleware = middleware;
  }
}

/**
 * Paths and what answers them, as `serve` takes them, so a group can be mounted below a path (`{
 * '/api': group(…) }`), and be spread among others (`{ …group('/api', …) }`).
 */
export class RouteGroup {
  [path: string]: GroupedRoute;
}

/**
 * Routes that belong together: they have a prefix, and middleware of their own. Groups may stand in
 * groups, and may be made elsewhere: a group is how an application is mounted in another one.
 *
 * @param prefix - what all paths begin with, after the path that the group stands under
 * @throws TypeError for anything but a prefix, a route or middleware
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

/** A path below another; '/' is the other itself. */
export function joinPaths(prefix: string, path: string): string {
  const start = prefix.replace(/\/$/, '');
  return path === '/' && start !== '' ? start : start + path;
}

/** @throws TypeError unless it is an object of paths */
export function checkRoutes(where: string, routes: unknown): void {
  if (typeof routes === 'object' && routes !== null && !(Symbol.iterator in routes)) return;
  throw new TypeError(`${where}: routes must be an object of paths, not ${describe(routes)}`);
}
