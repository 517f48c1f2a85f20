import type { Runnable } from '../../native/rings.ts';
import type { FutureCore } from './future-core.ts';
/** Context variables and their values; never changed, always replaced. */
export type Values = ReadonlyMap<object, unknown>;
/** What the rooms below Task, those that know who is running, watch and describe, know of one. */
export interface TaskCore extends FutureCore, Runnable {
    /** The name given at the making or by `setName`; else `Task-` and a number. */
    getName(): string;
}
