// A loop of one's own: it counts what it is asked to run.
import { EventLoop, run, sleep } from 'oxbow';
import type { Callback, Handle } from 'oxbow';

class CountingLoop extends EventLoop {
  soon = 0;

  override callSoon<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle {
    this.soon++;
    return super.callSoon(callback, ...args);
  }
}

const loop = new CountingLoop();
await run(
  function* () {
    for (let n = 0; n < 3; n++) loop.callSoon(() => console.log(`callback ${n}`));
    yield* sleep(0);
  },
  { loopFactory: () => loop },
);
console.log(`callSoon was called ${loop.soon} times`);
