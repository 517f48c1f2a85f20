// Describes the machine, the date and the command: without them, figures mean nothing.
import { spawnSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { pinningNote } from './child.ts';
import { UsageError } from './options.ts';

export interface Machine {
  date: string;
  command: string;
  cpu: string;
  cores: number;
  memoryGib: number;
  kernel: string;
  node: string;
  placement: string;
}

export function describeMachine(node: string): Machine {
  const words = 'process.version + " with OpenSSL " + process.versions.openssl';
  const version = spawnSync(node, ['-p', words], { encoding: 'utf8' });
  if (version.status !== 0) throw new UsageError(`--node ${node} does not run`);
  return {
    date: new Date().toISOString().slice(0, 10),
    command: ['npm run bench --', ...process.argv.slice(2)].join(' '),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: `${process.platform} ${release()}`,
    node: version.stdout.trim(),
    placement: pinningNote(),
  };
}

export function formatMachine(machine: Machine): string {
  const { date, command, cpu, cores, memoryGib, kernel, node, placement } = machine;
  return [
    `${cpu}, ${cores} cores, ${memoryGib} GiB, ${kernel}; Node ${node}; ${date}`,
    `${command}; ${placement}`,
  ].join('\n');
}
