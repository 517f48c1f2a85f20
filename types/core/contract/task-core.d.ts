import type { Runnable } from '../../native/rings.ts';
import type { FutureCore } from './future-core.ts';
/** What the rooms below Task, those that know who is running, watch and describe, know of one. */
export interface TaskCore extends FutureCore, Runnable {
    /** The name given at the making or by `setName`; else `Task-` and a number. */
    getName(): string;
}
