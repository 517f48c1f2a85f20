import type { Values } from '../contract/task-core.ts';
export type { Values };
