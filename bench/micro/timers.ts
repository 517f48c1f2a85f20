// timers --impl oxbow|node --count N
//   --mode add-cancel|pending-cancel|pending-cancel-same|fire
import { countArgument, cpuNs, implementation, report, textArgument } from './measure.ts';
import { randomNumbers } from './random.ts';

/** The timers of one implementation; delays are in its own unit. */
interface Timers<T> {
  perSecond: number;
  add(delay: number, callback: () => void): T;
  cancel(timer: T): void;
  nextTurn(callback: () => void): void;
}

/** Does the work with one timer per delay, and reports how many it has done. */
type Mode = <T>(timers: Timers<T>, delays: Float64Array, finish: (done: number) => void) => void;

const noop = () => {};

// Two turns later, so that clean-up after cancelling is included.
function afterTidying<T>(timers: Timers<T>, finish: () => void): void {
  timers.nextTurn(() => timers.nextTurn(finish));
}

const addCancel: Mode = (timers, delays, finish) => {
  let done = 0;
  for (let i = 0; i < delays.length; i++) {
    timers.cancel(timers.add(delays[i], noop));
    done++;
  }
  afterTidying(timers, () => finish(done));
};

const pendingCancel: Mode = <T>(
  timers: Timers<T>,
  delays: Float64Array,
  finish: (done: number) => void,
) => {
  const pending = new Array<T>(delays.length);
  for (let i = 0; i < delays.length; i++) pending[i] = timers.add(delays[i], noop);
  timers.nextTurn(() => {
    let done = 0;
    for (const timer of pending) {
      timers.cancel(timer);
      done++;
    }
    afterTidying(timers, () => finish(done));
  });
};

const fire: Mode = (timers, delays, finish) => {
  let done = 0;
  const callback = () => {
    if (++done === delays.length) finish(done);
  };
  for (let i = 0; i < delays.length; i++) timers.add(delays[i], callback);
};

const modes: Record<string, { work: Mode; delay(random: number): number }> = {
  // Seconds.
  'add-cancel': { work: addCancel, delay: (random) => random * 60 },
  'pending-cancel': { work: pendingCancel, delay: (random) => random * 60 },
  // Like a server's timeouts, which are mostly equal. setTimeout has a list for each delay, so this
  // is its best case.
  'pending-cancel-same': { work: pendingCancel, delay: () => 60 },
  // Whole milliseconds, the unit of setTimeout.
  fire: { work: fire, delay: (random) => Math.ceil(random * 200) / 1000 },
};

function measure<T>(timers: Timers<T>, finish: () => void): void {
  const name = textArgument('mode');
  if (!Object.hasOwn(modes, name)) throw new Error(`there is no mode ${name}`);
  const { work, delay } = modes[name];
  const count = countArgument('count');
  const random = randomNumbers(1);
  const delays = new Float64Array(count).map(() => delay(random()) * timers.perSecond);
  work(timers, delays.subarray(0, Math.ceil(count / 10)), () => {
    timers.nextTurn(() => {
      const before = cpuNs();
      work(timers, delays, (done) => {
        report((cpuNs() - before) / count, { done, expected: count });
        finish();
      });
    });
  });
}

async function onOxbow(): Promise<void> {
  const { getRunningLoop, run } = await import('oxbow');
  await run(function* () {
    const loop = getRunningLoop();
    const done = loop.createFuture<undefined>();
    const timers = {
      perSecond: 1,
      add: (delay: number, callback: () => void) => loop.callLater(delay, callback),
      cancel: (timer: { cancel(): void }) => timer.cancel(),
      nextTurn: (callback: () => void) => void loop.callSoon(callback),
    };
    measure(timers, () => done.setResult(undefined));
    yield* done;
  });
}

function onNode(): void {
  const timers: Timers<NodeJS.Timeout> = {
    perSecond: 1000,
    add: (delay, callback) => setTimeout(callback, delay),
    cancel: (timer) => clearTimeout(timer),
    nextTurn: (callback) => void setImmediate(callback),
  };
  measure(timers, () => {});
}

await implementation<() => void | Promise<void>>({ oxbow: onOxbow, node: onNode })();
