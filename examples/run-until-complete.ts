// A loop by hand: made, run until something is done, closed.
import { newEventLoop, sleep } from 'oxbow';

const loop = newEventLoop();
try {
  const answer = await loop.runUntilComplete(function* () {
    yield* sleep('10ms');
    return 42;
  });
  console.log(`answer: ${answer}`);
} finally {
  loop.close();
}
console.log(`closed: ${loop.isClosed()}`);
