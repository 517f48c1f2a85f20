// Restarts under load: whether any client notices. The old process hands its sockets over to the
// new one while requests arrive at an even rate.
import path from 'node:path';
import { Child, loadCore, serverCore } from '../child.ts';
import { compiledDir } from '../paths.ts';
import type { BenchCase, Sample, Settings } from '../types.ts';

const RESTARTS = 3;

async function failures(settings: Settings): Promise<Sample> {
  const messages = settings.smoke ? 2000 : 100_000;
  const file = (name: string): string => path.join(compiledDir, `${name}.js`);
  const server = new Child([settings.node, file('drivers/oxbow-http-restart')], serverCore);
  const first = await server.answer();
  const plan = { port: Number(first['port']), rate: 5000, messages, says: RESTARTS };
  const args = Object.entries(plan).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const load = new Child([settings.node, file('micro/paced-gets'), ...args], loadCore);
  let pid = Number(first['pid']);
  try {
    for (let n = 0; n < RESTARTS; n++) {
      await load.answer();
      process.kill(pid, 'SIGUSR2');
      // The next process prints on the output that it inherits from the previous one.
      pid = Number((await server.answer())['pid']);
    }
    const { value, answered } = await load.answer();
    return { value: Number(value), details: { answered: Number(answered), restarts: RESTARTS } };
  } finally {
    process.kill(pid, 'SIGTERM');
    await Promise.all([load.stop(), server.stop()]);
  }
}

export const httpRestart: BenchCase = {
  name: 'http-restart',
  rows: (settings) => [
    {
      name: '3 restarts, 100,000 requests, 5,000 a second',
      unit: 'failed',
      contenders: [
        {
          name: 'oxbow',
          peer: false,
          missing: () => undefined,
          trial: () => failures(settings),
        },
      ],
      comparisons: [{ ours: 'oxbow', max: 0 }],
      roundsMax: 3,
    },
  ],
};
