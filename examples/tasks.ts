// Tasks run side by side from the moment they are made; gather collects their results.
import { createTask, gather, run, sleep } from 'oxbow';

function* square(n: number) {
  yield* sleep('10ms');
  return n * n;
}

await run(function* () {
  const tasks = [1, 2, 3, 4].map((n) => createTask(square(n), { name: `square of ${n}` }));
  console.log(tasks[0]!.getName(), tasks[0]!.done());
  const squares = yield* gather(tasks);
  console.log(squares.join(' '));
});
