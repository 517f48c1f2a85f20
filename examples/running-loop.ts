// A coroutine finds the loop that runs it.
import { getRunningLoop, run } from 'oxbow';

await run(function* () {
  const loop = getRunningLoop();
  console.log(`running: ${loop.isRunning()}`);
  const future = loop.createFuture<string>();
  loop.callSoon(() => future.setResult('set by a callback'));
  console.log(yield* future);
});

try {
  getRunningLoop();
} catch (error) {
  console.log(String(error));
}
