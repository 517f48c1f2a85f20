import type { Runnable } from '../../native/rings.ts';
import type { FutureCore } from './future-core.ts';
/** Context variables and their values; never changed, always replaced. */
export type Values = ReadonlyMap<object, unknown>;
/** What the rooms below Task (those that observe and describe it) know about a task. */
export interface TaskCore extends FutureCore, Runnable {
    /** The name given to `createTask` or `setName`; by default `Task-` and a number. */
    getName(): string;
}
