// Trials without a server, or beside one that nobody measures: a program in bench/micro does the
// work on one implementation, measures its own CPU time around it, and prints {"value", …}.
// micro.py does the same work on asyncio.
import path from 'node:path';
import { Child, loadCore, serverCore } from './child.ts';
import { nativeProgram } from './native.ts';
import type { NativeProgram } from './native.ts';
import { compiledDir } from './paths.ts';
import { missingPython, pythonCommand } from './python.ts';
import type { PythonLoop } from './python.ts';
import type { Contender, Sample, Settings } from './types.ts';

export interface MicroImplementation {
  /** In the table. */
  name: string;
  /** For the program's `--impl`. */
  impl: string;
  /** What runs it in place of Node: a peer. */
  runtime?: { command: string | undefined; install: string };
}

type Options = Record<string, number | string>;

function argumentsOf(options: Options): string[] {
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

async function trial(command: string[]): Promise<Sample> {
  const child = new Child(command, serverCore);
  try {
    const { value, ...details } = await child.answer();
    return { value: Number(value), details: details as Record<string, number> };
  } finally {
    await child.stop();
  }
}

export function micro(
  settings: Settings,
  program: string,
  implementations: MicroImplementation[],
  options: Options,
): Contender[] {
  const args = argumentsOf(options);
  const file = path.join(compiledDir, 'micro', `${program}.js`);
  return implementations.map(({ name, impl }) => ({
    name,
    peer: false,
    missing: () => undefined,
    trial: () => trial([settings.node, file, '--impl', impl, ...args]),
  }));
}

/** The same for a client: beside a server of ours in C++, whose `--port` the program gets. */
export function microBeside(
  settings: Settings,
  server: NativeProgram,
  program: string,
  implementations: MicroImplementation[],
  options: Options,
  serverOptions: Options = {},
): Contender[] {
  const file = path.join(compiledDir, 'micro', `${program}.js`);
  return implementations.map(({ name, impl, runtime }) => ({
    name,
    peer: runtime !== undefined,
    missing: () => (runtime?.command === undefined ? runtime?.install : undefined),
    async trial() {
      const child = new Child([nativeProgram(server), ...argumentsOf(serverOptions)], loadCore);
      try {
        const { port } = await child.answer();
        const args = argumentsOf({ ...options, port: Number(port) });
        return await trial([runtime?.command ?? settings.node, file, '--impl', impl, ...args]);
      } finally {
        await child.stop();
      }
    },
  }));
}

/** The same program on CPython: asyncio's own loop, and uvloop. */
export function microPython(program: string, options: Options): Contender[] {
  const args = argumentsOf(options);
  return (['asyncio', 'uvloop'] as PythonLoop[]).map((module) => ({
    name: module,
    peer: true,
    missing: () => missingPython(module),
    trial: () =>
      trial([...pythonCommand(module, 'micro/micro.py'), program, '--impl', module, ...args]),
  }));
}
