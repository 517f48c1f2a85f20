import type { MicroImplementation } from '../micro.ts';

/** Our `function*` and `async` functions, and code written by hand with Promises. */
export const LANES: MicroImplementation[] = [
  { name: 'oxbow', impl: 'oxbow' },
  { name: 'oxbow async', impl: 'oxbow-async' },
  { name: 'Promises', impl: 'node' },
];
