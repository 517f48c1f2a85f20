// Trials without a server: a program in bench/micro does the work on one implementation, measures
// its own CPU time around it, and prints {"value", …}.
import path from 'node:path';
import { Child, serverCore } from './child.ts';
import { compiledDir } from './paths.ts';
import type { Contender, Settings } from './types.ts';

export interface MicroImplementation {
  /** In the table. */
  name: string;
  /** For the program's `--impl`. */
  impl: string;
}

export function micro(
  settings: Settings,
  program: string,
  implementations: MicroImplementation[],
  options: Record<string, number | string>,
): Contender[] {
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const file = path.join(compiledDir, 'micro', `${program}.js`);
  return implementations.map(({ name, impl }) => ({
    name,
    peer: false,
    missing: () => undefined,
    trial: async () => {
      const child = new Child([settings.node, file, '--impl', impl, ...args], serverCore);
      try {
        const { value, ...details } = await child.answer();
        return { value: Number(value), details: details as Record<string, number> };
      } finally {
        await child.stop();
      }
    },
  }));
}
