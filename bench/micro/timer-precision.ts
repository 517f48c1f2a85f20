// timer-precision --impl oxbow|node --grain whole|fraction --count N: sleeps repeatedly and checks
// when it wakes up. The figure is the median in milliseconds after the deadline.
import { countArgument, implementation, report, textArgument } from './measure.ts';
import { randomNumbers } from './random.ts';

const count = countArgument('count');
const random = randomNumbers(2);
const grains: Record<string, () => number> = {
  whole: () => Math.ceil(random() * 5),
  fraction: () => 0.1 + random() * 4.9,
};
const nextDelayMs = grains[textArgument('grain')];
if (nextDelayMs === undefined) throw new Error('--grain must be whole or fraction');

const lateMs: number[] = [];

const nowNs = () => process.hrtime.bigint();

function note(startedNs: bigint, delayMs: number): void {
  lateMs.push(Number(nowNs() - startedNs) / 1e6 - delayMs);
}

function finish(): void {
  const sorted = lateMs.toSorted((a, b) => a - b);
  const early = sorted.filter((late) => late < 0).length;
  const value = sorted[sorted.length >> 1];
  report(value, { done: sorted.length, expected: count }, { early, worst: sorted.at(-1)! });
}

async function onOxbow(): Promise<void> {
  const { run, sleep } = await import('oxbow');
  await run(function* () {
    for (let i = 0; i < count; i++) {
      const delayMs = nextDelayMs();
      const started = nowNs();
      yield* sleep(delayMs / 1000);
      note(started, delayMs);
    }
  });
  const earliest = Math.min(...lateMs);
  if (earliest < 0) throw new Error(`a sleep ended ${-earliest} ms early`);
}

async function onNode(): Promise<void> {
  for (let i = 0; i < count; i++) {
    const delayMs = nextDelayMs();
    const started = nowNs();
    await new Promise<void>((resolve) => setTimeout(resolve, delayMs));
    note(started, delayMs);
  }
}

await implementation({ oxbow: onOxbow, node: onNode })();
finish();
