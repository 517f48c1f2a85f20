import type { MicroImplementation } from '../micro.ts';

/** Both lanes of ours, and what one writes with plain Promises. */
export const LANES: MicroImplementation[] = [
  { name: 'oxbow', impl: 'oxbow' },
  { name: 'oxbow async', impl: 'oxbow-async' },
  { name: 'Promises', impl: 'node' },
];
