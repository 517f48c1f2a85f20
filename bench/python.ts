// Python as a peer: asyncio, and uvloop under it.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { sourceDir } from './paths.ts';

export type PythonLoop = 'asyncio' | 'uvloop';

// The distribution's Python is preferred: it is an optimized build and has the distribution's
// packages.
function findPython(module: PythonLoop): string | undefined {
  return ['/usr/bin/python3', 'python3'].find(
    (python) => spawnSync(python, ['-c', `import ${module}`]).status === 0,
  );
}

const found = new Map<PythonLoop, string | undefined>();

function pythonOf(module: PythonLoop): string | undefined {
  if (!found.has(module)) found.set(module, findPython(module));
  return found.get(module);
}

/** Why there is none on this machine; undefined if there is. */
export function missingPython(module: PythonLoop): string | undefined {
  const there = pythonOf(module) !== undefined;
  return there ? undefined : 'not installed: apt install python3-uvloop';
}

/** The command that runs a file of bench/ on that loop. */
export function pythonCommand(module: PythonLoop, file: string): string[] {
  return [pythonOf(module)!, path.join(sourceDir, file)];
}
