/** The nodes of the generator lane: what a task of the soak may do. */
import {
  CancelScope,
  TaskGroup,
  asCompleted,
  failAfter,
  gather,
  moveOnAfter,
  shield,
  sleep,
  timeout,
  wait,
  waitFor,
} from 'oxbow';
import type { Coro, Coroutine } from 'oxbow';

import { Planned } from './grove.ts';
import type { Grove } from './grove.ts';

/** Makes a child of either lane. */
export type Sprout = (grove: Grove, depth: number) => Coroutine<unknown>;
type Node = (grove: Grove, depth: number, sprout: Sprout) => Coro<unknown>;

export const NODES: Record<string, Node> = {
  *sleep(grove) {
    yield* sleep(grove.delay());
  },
  *turn() {
    yield;
  },
  *fail() {
    yield;
    throw new Planned('on purpose');
  },
  *cancel(grove) {
    yield* sleep(grove.delay());
    grove.cancelSomebody();
  },

  *gather(grove, depth, sprout) {
    const children = grove.children((below) => sprout(grove, below), depth);
    return yield* gather(
      children.map((child) => grove.spawn(child)),
      { returnExceptions: grove.chance.oneIn(2) },
    );
  },
  *group(grove, depth, sprout) {
    return yield* TaskGroup.run(function* (group) {
      for (const child of grove.children((below) => sprout(grove, below), depth)) {
        grove.spawn(child, (node, options) => group.createTask(node, options));
      }
      if (grove.chance.oneIn(4)) yield* sleep(grove.delay());
      if (grove.chance.oneIn(4)) group.cancel();
    });
  },
  *wait(grove, depth, sprout) {
    const tasks = grove
      .children((below) => sprout(grove, below), depth)
      .map((child) => grove.spawn(child));
    try {
      const { pending } = yield* wait(tasks, { timeout: grove.delay() });
      for (const task of pending) task.cancel();
    } finally {
      for (const task of tasks) task.cancel();
      yield* gather(tasks, { returnExceptions: true });
    }
  },
  *completed(grove, depth, sprout) {
    const tasks = grove
      .children((below) => sprout(grove, below), depth)
      .map((child) => grove.spawn(child));
    try {
      for (const next of asCompleted(tasks, { timeout: grove.longest })) yield* next;
    } finally {
      for (const task of tasks) task.cancel();
      yield* gather(tasks, { returnExceptions: true });
    }
  },
  *shield(grove, depth, sprout) {
    const inner = grove.spawn(sprout(grove, depth + 1));
    try {
      yield* shield(inner);
    } finally {
      yield* gather([inner], { returnExceptions: true });
    }
  },
  *task(grove, depth, sprout) {
    return yield* grove.spawn(sprout(grove, depth + 1));
  },

  *waitFor(grove, depth, sprout) {
    return yield* waitFor(sprout(grove, depth + 1), grove.delay());
  },
  *timeout(grove, depth, sprout) {
    return yield* timeout(grove.delay(), function* (scope) {
      if (grove.chance.oneIn(3)) scope.reschedule(null);
      yield* grove.spawn(sprout(grove, depth + 1));
    });
  },
  *moveOn(grove, depth, sprout) {
    yield* moveOnAfter(grove.delay(), function* () {
      yield* grove.spawn(sprout(grove, depth + 1));
    });
  },
  *failAfter(grove, depth, sprout) {
    yield* failAfter(grove.delay(), function* () {
      yield* grove.spawn(sprout(grove, depth + 1));
    });
  },
  *scope(grove, depth, sprout) {
    yield* CancelScope.run({ shield: grove.chance.oneIn(3) }, function* (scope) {
      const child = grove.spawn(sprout(grove, depth + 1));
      yield* sleep(grove.delay());
      if (grove.chance.oneIn(2)) scope.cancel('soak');
      yield* child;
    });
  },

  *lock(grove) {
    yield* grove.lock.with(function* () {
      yield* sleep(grove.delay());
    });
  },
  *lockInTime(grove) {
    yield* waitFor(grove.lock.acquire(), grove.delay());
    try {
      yield;
    } finally {
      grove.lock.release();
    }
  },
  *semaphore(grove) {
    yield* grove.semaphore.with(function* () {
      yield* sleep(grove.delay());
    });
  },
  *condition(grove) {
    yield* grove.condition.with(function* () {
      if (grove.chance.oneIn(2)) grove.condition.notify();
      yield* moveOnAfter(grove.delay(), () => grove.condition.wait());
    });
  },
  *event(grove) {
    if (grove.chance.oneIn(2)) grove.event.set();
    else grove.event.clear();
    yield* moveOnAfter(grove.delay(), () => grove.event.wait());
  },
  *barrier(grove) {
    yield* waitFor(grove.barrier.wait(), grove.delay());
  },
  *put(grove) {
    yield* grove.queue.put(1);
    grove.put++;
  },
  *get(grove) {
    yield* grove.queue.get();
    grove.taken++;
  },
  *shuffle(grove) {
    yield;
    grove.shuffleQueue();
  },
};
