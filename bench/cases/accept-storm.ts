// 1000 clients connect and send at once, as after a restart: how long does the last one wait?
import type { Driver } from '../drivers.ts';
import { echoDrivers } from '../drivers.ts';
import { startLoad, withServer } from '../load.ts';
import type { BenchCase, Contender, Sample, Settings } from '../types.ts';

async function storm(driver: Driver, settings: Settings): Promise<Sample> {
  const clients = settings.smoke ? 50 : 1000;
  return withServer(driver, settings, [], async ({ child, port }) => {
    // A warm-up, so that JIT and allocator are not judged by their first connections.
    const warmup = await startLoad('load_echo', port, {
      connections: 8,
      messages: 1,
      'warmup-messages': settings.smoke ? 100 : 20_000,
    });
    warmup.send('go');
    await warmup.answer();
    const load = await startLoad('load_storm', port, { clients, hold: child.pid });
    load.send('go');
    const { max_ms, median_ms, turned_away, answers, check } = await load.answer();
    if (check !== clients) throw new Error(`${check} of ${clients} clients were answered`);
    const details = {
      medianMs: Number(median_ms),
      turnedAway: Number(turned_away),
      answers: Number(answers),
    };
    return { value: Number(max_ms), details };
  });
}

function contender(driver: Driver, settings: Settings): Contender {
  return {
    name: driver.name,
    peer: driver.peer,
    missing: () => driver.missing(),
    trial: () => storm(driver, settings),
  };
}

export const acceptStorm: BenchCase = {
  name: 'accept-storm',
  rows: (settings) => [
    {
      name: '1000 at once, all answered once',
      unit: 'ms',
      contenders: echoDrivers.map((driver) => contender(driver, settings)),
      comparisons: [
        { ours: 'oxbow', theirs: 'node:net', max: 0.05 },
        { ours: 'oxbow streams', theirs: 'node:net' },
      ],
    },
  ],
};
