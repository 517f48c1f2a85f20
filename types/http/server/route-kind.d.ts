/**
 * Something that answers requests in a way of its own: a folder of files, a WebSocket. What it is
 * called with and what it returns goes through the same middleware and ends as a handler's does.
 */
export declare abstract class RouteKind {
}
