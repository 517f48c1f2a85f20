// What the types of the tools beyond asyncio's say; tsc checks this file, nothing runs it.
import {
  Broadcast,
  CapacityLimiter,
  Channel,
  forEach,
  interval,
  Queue,
  retry,
  sleep,
  Watch,
} from 'oxbow';
import type { Coro, Guard } from 'oxbow';

/** Compiles only when both types are the same. */
function same<A>() {
  return <B>(_value: B & ([A, B] extends [B, A] ? unknown : never)): void => {};
}

declare const names: string[];
declare function lines(): AsyncIterable<string>;

export function* generatorLane(): Coro<void> {
  const prices = new Broadcast<number>();
  same<number>()(yield* prices.send(1));
  same<number>()(yield* prices.subscribe().receive());
  same<IteratorResult<number, undefined>>()(yield* prices.subscribe().next());
  const level = new Watch('info');
  same<string>()(level.get());
  same<string>()(yield* level.changed());
  same<string>()(level.update((value) => value.trim()));
  const limiter = new CapacityLimiter(3);
  same<Guard>()(yield* limiter.acquire());
  same<number>()(
    yield* limiter.with(function* () {
      yield* sleep(1);
      return 5;
    }),
  );
  same<number>()(yield* interval('1s').tick());
  same<string>()(
    yield* retry(function* ({ attempt }) {
      same<number>()(attempt);
      yield* sleep(1);
      return 'x';
    }),
  );
  // The item's type comes from the iterable, the result's from the body, in both lanes.
  same<number[]>()(
    yield* forEach(names, function* (name, index) {
      same<string>()(name);
      yield* sleep(1);
      return name.length + index;
    }),
  );
  same<boolean[]>()(yield* forEach(lines(), async (line) => line === ''));
  same<number[]>()(yield* forEach(new Channel<number>(), async (item) => item));
  same<number[]>()(yield* forEach(prices.subscribe(), async (item) => item));
}

export async function asyncLane(): Promise<void> {
  for await (const item of new Queue<number>()) same<number>()(item);
  for await (const item of new Channel<Date>()) same<Date>()(item);
  for await (const time of interval(1)) same<number>()(time);
  for await (const value of new Watch<'a' | 'b'>('a')) same<'a' | 'b'>()(value);
  same<Response>()(await retry(({ signal }) => fetch('http://localhost', { signal })));
  using held = await new CapacityLimiter(1).acquire();
  same<Guard>()(held);
}

export function mistakes(): void {
  // @ts-expect-error a body gives a coroutine
  retry(() => 5);
  // @ts-expect-error options have known names only
  retry(async () => {}, { retries: 5 });
  // @ts-expect-error a number of items is no iterable
  forEach(5, async () => {});
  // @ts-expect-error the value has the watch's type
  new Watch(5).set('text');
  // @ts-expect-error there is no such way to miss a tick
  interval(1, { missedTicks: 'drop' });
}
