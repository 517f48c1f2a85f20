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
export declare class GroupedRoute {
    readonly route: Route;
    readonly middleware: readonly Middleware[];
    constructor(route: Route, middleware: readonly Middleware[]);
}
/**
 * Paths and what answers them, as `serve` takes them, so a group can be mounted below a path (`{
 * '/api': group(…) }`), and be spread among others (`{ …group('/api', …) }`).
 */
export declare class RouteGroup {
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
export declare function group<Paths extends string>(options: GroupOptions<Paths>): RouteGroup;
export declare function group<Paths extends string>(prefix: string, options: GroupOptions<Paths>): RouteGroup;
