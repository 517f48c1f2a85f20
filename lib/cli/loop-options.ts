/** The options of the commands that run a loop in this process. */
import { parseArgs } from 'node:util';

import { print, usage } from './output.ts';

/** @returns the options, or the exit code when there is nothing more to do */
export function loopOptions(
  command: string,
  help: string,
  args: readonly string[],
): { debug: boolean | undefined } | number {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { debug: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help !== true) return { debug: values.debug };
  } catch (error) {
    return usage(command, help, (error as Error).message);
  }
  print(help);
  return 0;
}
