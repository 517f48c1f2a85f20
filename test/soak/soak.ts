/**
 * The soak: rounds of random task trees with random cancellation, one after the other, in real time
 * and in simulated time in turn.
 *
 *   node build/ts/test/soak/soak.js [--seconds 600] [--seed 1]
 *
 * Every round must leave no task, timer or handle, every lock free and every item accounted for;
 * at the end the process must have nothing left to wait for, and its memory must not have grown.
 * The first round that fails is printed with its seed and ends the run.
 */
import { parseArgs } from 'node:util';

import { run } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { playRound } from './round.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
  },
});
const seconds = Number(values.seconds);
const first = Number(values.seed);
if (!(seconds > 0) || !Number.isInteger(first)) {
  console.error('usage: soak.js [--seconds N] [--seed N]; N is a number above 0, a whole number');
  process.exit(2);
}

/** Rounds that share a loop, so that what one leaves behind can hurt the next. */
const ROUNDS_PER_LOOP = 20;

const counts = { tasks: 0, cancelled: 0, failed: 0, done: 0 };

function* batch(seed: number, longest: number) {
  for (let n = 0; n < ROUNDS_PER_LOOP; n++) {
    const wrong = yield* playRound({ seed: seed + n, longest, counts });
    if (wrong.length > 0) throw new Error(`seed ${seed + n}: ${wrong.join('; ')}`);
  }
}

function heapMiB(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

const started = process.hrtime.bigint();
const elapsed = () => Number(process.hrtime.bigint() - started) / 1e9;
let seed = first;
let early = 0;
while (elapsed() < seconds) {
  // In simulated time a seed always does the same; real time has the races of real clocks.
  await runVirtual(() => batch(seed, 1));
  await run(() => batch(seed + ROUNDS_PER_LOOP, 0.002));
  seed += 2 * ROUNDS_PER_LOOP;
  // The first tenth warms up: compiled code, grown tables.
  if (early === 0 && elapsed() > seconds / 10) early = heapMiB();
}
const late = heapMiB();
// What the last round set off in Node itself (an immediate) has its turn first.
await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const resources = process.getActiveResourcesInfo().filter((name) => !name.endsWith('Wrap'));
console.log(
  JSON.stringify({
    rounds: seed - first,
    ...counts,
    seconds: Math.round(elapsed()),
    firstSeed: first,
    resources,
    heapMiB: [early, late].map((value) => Math.round(value * 10) / 10),
  }),
);
