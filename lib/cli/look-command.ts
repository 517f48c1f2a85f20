/** The common part of `ps`, `pstree` and `top`: arguments and error handling. */
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';

import type { ProcessInfo } from '../monitor/server/protocol.ts';
import { attachable, AttachError } from './attach.ts';
import { complain, print, usage } from './output.ts';
import { table } from './table.ts';
import { duration, harmless, styleFor, widthOf } from './text.ts';
import type { Style } from './text.ts';

/** The properties of the output. */
export interface Screen {
  readonly width: number;
  readonly style: Style;
}

/** The parsed arguments. */
export interface Looking {
  /** Null: list the processes. */
  readonly pid: number | null;
  readonly json: boolean;
  readonly screen: Screen;
  readonly values: Readonly<Record<string, unknown>>;
}

const COMMON = {
  json: { type: 'boolean' },
  ascii: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const COMMON_HELP = `  --json      the answer of the process as JSON
  --ascii     ASCII characters only
  -h, --help  this text

The process must have been started with OXBOW_MONITOR=1, or have called
startMonitor(). Without a PID the processes that can be looked at are listed.
`;

/** A mistake in the command line. */
export class UsageError extends Error {}

/** Parses the arguments of a command, runs it, and reports errors. @returns the exit code */
export async function lookCommand(
  name: string,
  help: string,
  options: NonNullable<ParseArgsConfig['options']>,
  args: readonly string[],
  run: (looking: Looking & { pid: number }) => Promise<number>,
): Promise<number> {
  try {
    const looking = parse(args, options);
    if (looking === null) {
      print(help);
      return 0;
    }
    const { pid } = looking;
    if (pid === null) return await listProcesses(looking);
    return await run({ ...looking, pid });
  } catch (error) {
    if (error instanceof UsageError) return usage(name, help, error.message);
    if (!(error instanceof AttachError)) throw error;
    complain(`oxbow ${name}: ${harmless(error.message)}\n`);
    return 1;
  }
}

/** @returns null when help was requested. @throws UsageError */
function parse(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig['options']>,
): Looking | null {
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...args],
      options: { ...COMMON, ...options },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values['help'] === true) return null;
  if (positionals.length > 1) throw new UsageError(`one PID, not ${positionals.length}`);
  const { env, stdout } = process;
  return {
    pid: positionals[0] === undefined ? null : parsePid(positionals[0]),
    json: values['json'] === true,
    screen: { width: widthOf(stdout.columns, env), style: styleFor(env, values['ascii'] === true) },
    values,
  };
}

function parsePid(text: string): number {
  const pid = Number(text);
  if (!/^\d+$/.test(text) || pid < 1 || pid > 0x7fff_ffff) {
    throw new UsageError(`'${harmless(text).slice(0, 40)}' is not the id of a process`);
  }
  return pid;
}

async function listProcesses({ json, screen }: Looking): Promise<number> {
  const found = await attachable();
  if (json) print(`${JSON.stringify(found)}\n`);
  else if (found.length > 0) print(`${processLines(found, screen).join('\n')}\n`);
  else print('No process can be looked at; start one with OXBOW_MONITOR=1\n');
  return 0;
}

/** A table of processes. */
export function processLines(found: readonly ProcessInfo[], { width, style }: Screen): string[] {
  const rows = found.map(({ pid, node, script, uptime, threads }) => {
    const tasks = threads
      .flatMap(({ loops }) => loops)
      .reduce((sum, { taskCount }) => sum + taskCount, 0);
    return [String(pid), duration(uptime, style), String(tasks), harmless(node), harmless(script)];
  });
  return table(
    [
      { title: 'PID', least: 5, right: true },
      { title: 'UP', least: 6, right: true },
      { title: 'TASKS', least: 5, right: true },
      { title: 'NODE', least: 8 },
      { title: 'SCRIPT', least: 10, keepEnd: true },
    ],
    rows,
    width,
    style,
  );
}
