/**
 * A special kind of route, such as a folder of files or a WebSocket. Its `_handle` is called inside
 * the same middleware as a handler, and its result is treated alike.
 */
export declare abstract class RouteKind {
}
