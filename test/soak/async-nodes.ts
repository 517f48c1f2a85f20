/** The nodes of the async lane. */
import {
  CancelScope,
  TaskGroup,
  gather,
  moveOnAfter,
  shield,
  sleep,
  timeout,
  waitFor,
} from 'oxbow';

import { Planned } from './grove.ts';
import type { Grove } from './grove.ts';
import type { Sprout } from './generator-nodes.ts';

type Node = (grove: Grove, depth: number, sprout: Sprout) => Promise<unknown>;

export const ASYNC_NODES: Record<string, Node> = {
  async sleep(grove) {
    await sleep(grove.delay());
  },
  async foreign() {
    await null;
    await new Promise((resolve) => setImmediate(resolve));
  },
  async fail() {
    await sleep(0);
    throw new Planned('on purpose');
  },

  async gather(grove, depth, sprout) {
    const children = grove.children((below) => sprout(grove, below), depth);
    return await gather(
      children.map((child) => grove.spawn(child)),
      { returnExceptions: grove.chance.oneIn(2) },
    );
  },
  async group(grove, depth, sprout) {
    await TaskGroup.run(async (group) => {
      for (const child of grove.children((below) => sprout(grove, below), depth)) {
        grove.spawn(child, (node, options) => group.createTask(node, options));
      }
      await sleep(grove.delay());
    });
  },
  async shield(grove, depth, sprout) {
    const inner = grove.spawn(sprout(grove, depth + 1));
    try {
      await shield(inner);
    } finally {
      await gather([inner], { returnExceptions: true });
    }
  },
  async task(grove, depth, sprout) {
    await grove.spawn(sprout(grove, depth + 1));
  },
  async waitFor(grove, depth, sprout) {
    await waitFor(sprout(grove, depth + 1), grove.delay());
  },
  async timeout(grove, depth, sprout) {
    await timeout(grove.delay(), async () => {
      await grove.spawn(sprout(grove, depth + 1));
    });
  },
  async scope(grove, depth, sprout) {
    await CancelScope.run({}, async (scope) => {
      const child = grove.spawn(sprout(grove, depth + 1));
      await sleep(grove.delay());
      if (grove.chance.oneIn(2)) scope.cancel('soak');
      await child;
    });
  },
  async moveOn(grove, depth, sprout) {
    await moveOnAfter(grove.delay(), async () => {
      await grove.spawn(sprout(grove, depth + 1));
    });
  },

  async lock(grove) {
    await grove.lock.with(async () => {
      await sleep(grove.delay());
    });
  },
  async semaphore(grove) {
    await grove.semaphore.acquire();
    try {
      await sleep(grove.delay());
    } finally {
      grove.semaphore.release();
    }
  },
  async put(grove) {
    await grove.queue.put(1);
    grove.put++;
  },
  async get(grove) {
    await grove.queue.get();
    grove.taken++;
  },
};
