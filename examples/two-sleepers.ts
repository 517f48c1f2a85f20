// Two coroutines that sleep 1 s and 2 s: together they take 2 s, not 3. One is a function*, the
// other an async function.
import { gather, getRunningLoop, run, sleep } from 'oxbow';

function* first() {
  yield* sleep(1);
  console.log('first: slept 1 s');
}

async function second() {
  await sleep(2);
  console.log('second: slept 2 s');
}

await run(function* () {
  const loop = getRunningLoop();
  const start = loop.time();
  yield* gather(first, second);
  console.log(`together: ${Math.floor(loop.time() - start)} s`);
});
