// Creates futures of every kind, as larger programs do: V8 handles objects of two shapes at one
// place in the code much faster than of ten, so figures without this would be too good.
import {
  asCompleted,
  Barrier,
  createTask,
  Event,
  gather,
  Lock,
  Queue,
  Semaphore,
  shield,
  sleep,
  timeout,
  wait,
  waitFor,
} from 'oxbow';
import type { Coro } from 'oxbow';

export function* everyKind(): Coro<void> {
  const queue = new Queue<number>(1);
  const event = new Event();
  const lock = new Lock();
  const semaphore = new Semaphore(1);
  const barrier = new Barrier(2);
  function* side(): Coro<void> {
    for (let n = 0; n < 100; n++) {
      yield* queue.put(n);
      yield* lock.with(function* () {
        yield* sleep(0);
      });
      yield* semaphore.acquire();
      yield* sleep('1us');
      semaphore.release();
      yield* barrier.wait();
    }
    yield* event.wait();
  }
  const tasks = [createTask(side), createTask(side)];
  for (let n = 0; n < 200; n++) yield* waitFor(queue.get(), 1);
  event.set();
  yield* timeout(1, function* () {
    yield* shield(gather(tasks));
  });
  yield* wait([
    createTask(function* () {
      yield;
    }),
  ]);
  for (const next of asCompleted([sleep(0)])) yield* next;
}
