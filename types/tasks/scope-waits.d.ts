import type { Watch } from '../core/task/task-extras.ts';
/** The side of a scope that the walk of its body talks to. */
export interface WalkWatch extends Watch {
}
