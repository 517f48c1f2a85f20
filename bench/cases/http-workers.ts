// What a second worker adds: requests that take some work, on one core, and on two, of which the
// load generator gets the idle time. It measures time and not CPU, since the question is whether
// both cores are busy.
import { workerDriver } from '../drivers.ts';
import { startLoad, withServer } from '../load.ts';
import type { LoadOptions } from '../load.ts';
import type { BenchCase, Contender, Settings } from '../types.ts';

const connections = 64;

function contender(settings: Settings, workers: number): Contender {
  const driver = workerDriver(workers);
  const span: LoadOptions = settings.smoke
    ? { messages: 500 }
    : { seconds: 3, 'warmup-seconds': 1 };
  return {
    name: driver.name,
    peer: false,
    missing: () => driver.missing(),
    trial: () =>
      withServer(driver, settings, [], async (server) => {
        const load = await startLoad('load_http', server, { connections, ...span }, true);
        load.send('go');
        const { messages, seconds, check } = await load.answer();
        if (check !== Number(messages) * 13) throw new Error(`${check} bytes were right`);
        return { value: (Number(seconds) * 1e6) / Number(messages) };
      }),
  };
}

export const httpWorkers: BenchCase = {
  name: 'http-workers',
  rows: (settings) => [
    {
      name: '50 us of work, 64 connections',
      unit: 'us/request',
      contenders: [contender(settings, 2), contender(settings, 1)],
      // Two threads do 1.7 times the work of one.
      comparisons: [{ ours: 'two workers', theirs: 'one worker', max: 0.588 }],
    },
  ],
};
