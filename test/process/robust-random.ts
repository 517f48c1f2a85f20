// Seeded chance for the torture tests: the same seed does the same things again.

import { type Random, randomFrom } from '../http/message-generator.ts';

export class Chance {
  /** An integer from 0 to `n - 1`. */
  readonly below: Random;

  constructor(seed: number) {
    this.below = randomFrom(seed);
  }

  /** True once in `n` times. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }
}

/** Values of every kind that a caller may give by mistake. */
export const ODD_VALUES: readonly unknown[] = [
  undefined,
  null,
  true,
  -1,
  0,
  1,
  0.5,
  NaN,
  Infinity,
  2 ** 31,
  2 ** 53,
  10n,
  '',
  'x',
  '1s',
  Symbol('odd'),
  [],
  [1],
  {},
  () => {},
  new ArrayBuffer(8),
  new Uint8Array(8),
  new Float64Array(3),
  Promise.resolve(1),
  new Proxy(
    {},
    {
      get() {
        throw new Error('odd');
      },
    },
  ),
];
