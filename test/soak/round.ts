/** One round: a tree grows, is cancelled here and there, is cut down, and must leave nothing. */
import {
  CancelledError,
  ExceptionGroup,
  QueueEmpty,
  TimeoutError,
  allTasks,
  currentTask,
  gather,
  getRunningLoop,
  sleep,
} from 'oxbow';
import type { Coro, Coroutine } from 'oxbow';

import { ASYNC_NODES } from './async-nodes.ts';
import { NODES } from './generator-nodes.ts';
import { Grove, Planned } from './grove.ts';
import type { GroveOptions } from './grove.ts';

const LEAVES = ['sleep', 'turn', 'fail', 'lock', 'put', 'get'];

/** A coroutine of either lane that does one random thing. */
function sprout(grove: Grove, depth: number): Coroutine<unknown> {
  if (!grove.grows(depth)) return NODES[grove.chance.pick(LEAVES)]!(grove, depth, sprout);
  if (grove.chance.oneIn(3)) {
    const node = ASYNC_NODES[grove.chance.pick(Object.keys(ASYNC_NODES))]!;
    return async () => await node(grove, depth, sprout);
  }
  return NODES[grove.chance.pick(Object.keys(NODES))]!(grove, depth, sprout);
}

/** Whether an error is one that the soak makes on purpose or that a cancel, a timeout explains. */
function isExpected(error: unknown): boolean {
  if (error instanceof ExceptionGroup) return error.errors.every(isExpected);
  return (
    error instanceof Planned ||
    error instanceof CancelledError ||
    error instanceof TimeoutError ||
    error instanceof QueueEmpty ||
    (error instanceof Error && error.name === 'BrokenBarrierError')
  );
}

/** What is left on the loop itself. */
function checkLoop(): string[] {
  const { timers, handles } = getRunningLoop().metrics();
  const wrong: string[] = [];
  if (timers !== 0) wrong.push(`${timers} timers left`);
  if (handles !== 0) wrong.push(`${handles} handles left`);
  return wrong;
}

/** Runs a round and says what is wrong afterwards. */
export function* playRound(options: GroveOptions): Coro<string[]> {
  const grove = new Grove(options);
  const wrong: string[] = [];
  const loop = getRunningLoop();
  loop.setExceptionHandler((_, context) => {
    if (!isExpected(context.exception)) wrong.push(`reported: ${context.message}`);
  });
  const roots = Array.from({ length: 4 + grove.chance.below(16) }, () =>
    grove.spawn(sprout(grove, 0)),
  );
  for (let n = grove.chance.below(20); n > 0; n--) {
    yield* sleep(grove.delay());
    grove.cancelSomebody();
  }
  yield* sleep(grove.longest * 3);
  yield* grove.release();
  // Whoever still waits (for a lock that nobody releases in time, a full queue) is cut down; a
  // shielded one may need to be told again, and one that cleans up may start another.
  for (let attempt = 0; attempt < 100 && others().length > 0; attempt++) {
    for (const task of others()) task.cancel('the end');
    yield* sleep(grove.longest / 10);
    yield* grove.release();
  }
  for (const outcome of yield* gather(roots, { returnExceptions: true })) {
    if (outcome instanceof Error && !isExpected(outcome)) wrong.push(String(outcome.stack));
  }
  wrong.push(...checkLoop(), ...grove.check());
  return wrong;
}

const others = () => [...allTasks()].filter((task) => task !== currentTask());
