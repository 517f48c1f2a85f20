/** Server-sent events: a text that goes on, of which each paragraph is an event. */
import type { Duration } from '../../core/support/duration.ts';
/** One event. */
export interface OutgoingEvent {
    /** A string as it is, anything else as JSON; without it nothing is dispatched in the browser. */
    data?: unknown;
    /** Its type; 'message' unless said otherwise. */
    event?: string;
    /** What a browser that connects again says it has seen last (`Last-Event-ID`). */
    id?: string;
    /** How long a browser waits until it connects again: seconds or a string with a unit. */
    retry?: Duration;
    /** What no browser looks at. */
    comment?: string;
}
type Source = AsyncIterable<unknown> | Iterable<unknown>;
/** Where events come from: a generator of either lane, which may wait between them, or its like. */
export type EventSource = Source | Generator<unknown, unknown, any> | (() => Source);
