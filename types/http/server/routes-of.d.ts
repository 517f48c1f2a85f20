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
export declare function routesOf<Paths extends string>(app: ServeOptions<Paths> | Handler | HttpServer): string[];
