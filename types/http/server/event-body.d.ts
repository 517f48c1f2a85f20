/** Server-sent events: an unending text in which each paragraph is an event. */
import type { Duration } from '../../core/support/duration.ts';
/** One event. */
export interface OutgoingEvent {
    /**
     * The event's data: a string as it is, anything else as JSON. Without it browsers dispatch no
     * event.
     */
    data?: unknown;
    /** The event's type; 'message' by default. */
    event?: string;
    /** The event's id: a browser that reconnects sends the last one that it saw (`Last-Event-ID`). */
    id?: string;
    /** How long a browser waits before it reconnects: seconds or a string with a unit. */
    retry?: Duration;
    /** A comment, which browsers ignore. */
    comment?: string;
}
type Source = AsyncIterable<unknown> | Iterable<unknown>;
/**
 * The source of events: an iterable or async iterable, such as a `function*`, which may wait
 * between events, or an async generator; or a function that returns one.
 */
export type EventSource = Source | Generator<unknown, unknown, any> | (() => Source);
