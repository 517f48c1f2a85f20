import type { Handler, Route } from './serve-options.ts';
/**
 * One handler out of routes and `fetch`.
 * @throws TypeError when a route is nothing that can answer
 */
export declare function makeHandler(routes: Record<string, Route>, fetch: Handler | null): Handler;
