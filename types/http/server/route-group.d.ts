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
export declare class GroupedRoute {
    readonly route: Route;
    readonly middleware: readonly Middleware[];
    constructor(route: Route, middleware: readonly Middleware[]);
}
/**
 * Routes by path, in the form that `serve` takes. So a group can be mounted below a path
 * (`{ '/api': group(…) }`), or spread among other routes (`{ ...group('/api', …) }`).
 */
export declare class RouteGroup {
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
export declare function group<Paths extends string>(options: GroupOptions<Paths>): RouteGroup;
export declare function group<Paths extends string>(prefix: string, options: GroupOptions<Paths>): RouteGroup;
