import { routeNames } from '../http/server/routes.ts';
import type { HttpServer } from '../http.ts';
import { servingOf } from './test-client.ts';
import type { TestApp } from './test-client.ts';

/**
 * The routes of an application, for a snapshot: `GET /users/:id`, sorted by path; `*` stands for
 * all methods, and `* *` for a handler of what no route takes. Nothing is served, and no loop is
 * needed.
 *
 * @param app - options of `serve`, a handler, or a server
 * @throws TypeError as `serve`, for routes that conflict or are none
 * @example expect(routesOf(app)).toMatchSnapshot();
 */
export function routesOf<Paths extends string>(app: TestApp<Paths> | HttpServer): string[] {
  const { routes = {}, fetch } = servingOf('routesOf()', app as TestApp);
  // Those of a server are listed already.
  if (Array.isArray(routes)) return sorted(routes as string[]);
  return sorted([...routeNames(routes), ...(fetch === undefined ? [] : ['* *'])]);
}

function sorted(routes: string[]): string[] {
  const pathOf = (route: string): string => route.slice(route.indexOf(' ') + 1);
  return [...routes].sort((a, b) => compare(pathOf(a), pathOf(b)) || compare(a, b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
