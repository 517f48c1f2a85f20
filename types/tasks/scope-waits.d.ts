import type { Watch } from '../core/task/task-extras.ts';
/** The interface of a scope for the walk of its body. */
export interface WalkWatch extends Watch {
}
