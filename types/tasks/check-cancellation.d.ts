/**
 * Throws when the running task has been cancelled and has not received that yet, or is in a
 * `CancelScope` that is cancelled or whose deadline is over; else does nothing. A wait would throw
 * the same; this does not wait. For long computations between two waits, in both lanes. As curio's
 * `check_cancellation` and trio's `checkpoint_if_cancelled`.
 *
 * @throws CancelledError; RuntimeError outside a task
 * @example
 * for (const row of rows) {
 *   checkCancellation();
 *   digest(row);
 * }
 */
export declare function checkCancellation(): void;
