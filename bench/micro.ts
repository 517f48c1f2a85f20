// Trials without a server, or with one that is not measured: a program in bench/micro does the work
// with one implementation, measures its own CPU time, and prints {"value", …}. micro.py does the
// same work on asyncio.
import path from 'node:path';
import { Child, loadCore, serverCore } from './child.ts';
import { nativeProgram } from './native.ts';
import type { NativeProgram } from './native.ts';
import { compiledDir } from './paths.ts';
import { missingPython, pythonCommand } from './python.ts';
import type { PythonLoop } from './python.ts';
import type { Contender, Sample, Settings } from './types.ts';

export interface MicroImplementation {
  /** The name in the table. */
  name: string;
  /** The argument for the program's `--impl`. */
  impl: string;
  /** The peer that runs it in place of Node. */
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

/** The same for a client: runs one of our C++ servers and passes its port as `--port`. */
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
