// Three greetings at the same time; the results come in the order of the calls.
import { gather, run, sleep } from 'oxbow';

function* greet(name: string, delay: string) {
  yield* sleep(delay);
  console.log(`Hello, ${name}!`);
  return name.length;
}

await run(function* () {
  const lengths = yield* gather(
    greet('Ada', '30ms'),
    greet('Grace', '10ms'),
    greet('Edsger', '20ms'),
  );
  console.log(lengths.join(' '));
});
