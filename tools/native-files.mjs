/** The C++ files of this project, and running clang's tools on them. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

/** Every .cc and .h file, as a path from the root. */
export function nativeFiles(root) {
  return ['native', 'test/native', 'bench/native'].flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true })
      .filter((name) => /\.(cc|h)$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
}

/** Whether a program is installed and runs. */
export function installed(program) {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs a program on the terminal; returns whether it succeeded. */
export function ran(program, args, cwd) {
  try {
    execFileSync(program, args, { cwd, stdio: 'inherit' });
    return true;
  } catch (error) {
    if (error.code === 'ENOENT') console.error(`${program} is missing: npm ci installs it`);
    return false;
  }
}
