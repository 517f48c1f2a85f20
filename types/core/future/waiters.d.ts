/** Who waits for a future: one waiter as it is, several as a list that looks like one. */
import type { Waiter } from '../contract/future-core.ts';
export type { Waiter };
