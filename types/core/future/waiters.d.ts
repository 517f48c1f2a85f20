/** The waiters of a future: a single one as it is, several as a list that acts as one. */
import type { Waiter } from '../contract/future-core.ts';
export type { Waiter };
