import { describe } from '../message/outgoing-body.ts';
import { routeNames } from './routes.ts';
import type { Handler, ServeOptions } from './serve-options.ts';
import type { HttpServer } from './server.ts';

/**
 * The routes of an application as strings, for snapshot tests: `GET /users/:id`, sorted by path.
 * `*` stands for all methods, and `* *` for the handler of everything else. Nothing is served, and
 * no loop is needed.
 *
 * @param app - options of `serve`, a handler, or a server
 * @throws TypeError as `serve`, for routes that conflict or are malformed
 * @example expect(routesOf(app)).toMatchSnapshot();
 */
export function routesOf<Paths extends string>(
  app: ServeOptions<Paths> | Handler | HttpServer,
): string[] {
  if (typeof app === 'function') return ['* *'];
  if (typeof app !== 'object' || app === null) {
    throw new TypeError(`routesOf() takes options of serve() or a handler, not ${describe(app)}`);
  }
  const { routes = {} } = app;
  // A server has its routes as strings.
  if (Array.isArray(routes)) return sorted(routes as string[]);
  const { fetch } = app as ServeOptions<Paths>;
  return sorted([...routeNames(routes), ...(fetch === undefined ? [] : ['* *'])]);
}

function sorted(routes: string[]): string[] {
  const pathOf = (route: string): string => route.slice(route.indexOf(' ') + 1);
  return [...routes].sort((a, b) => compare(pathOf(a), pathOf(b)) || compare(a, b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
