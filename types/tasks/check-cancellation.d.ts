/**
 * Throws if the running task has a pending cancel, or is in a `CancelScope` that is cancelled or
 * whose deadline has passed; otherwise does nothing. It throws what the next wait would throw,
 * without waiting. Meant for long computations between two waits, in both lanes. Similar to curio's
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
