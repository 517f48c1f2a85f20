// The load generators and raw servers in C++: where they are, and their build.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { outputDir, sourceDir } from './paths.ts';

const programs = [
  'load_echo',
  'load_http',
  'load_storm',
  'load_idle',
  'raw_epoll_echo',
  'raw_epoll_http',
] as const;

export type NativeProgram = (typeof programs)[number];

export function nativeProgram(name: NativeProgram): string {
  return path.join(outputDir, name);
}

function cmake(args: string[]): void {
  const result = spawnSync('cmake', args, { encoding: 'utf8' });
  if (result.status === 0) return;
  const reason = result.error?.message ?? `${result.stdout}${result.stderr}`;
  throw new Error(
    'building bench/native failed; it needs cmake >= 3.15 and a C++20 compiler ' +
      `(Debian: apt install cmake g++)\n${reason}`,
  );
}

/** Builds what is missing or out of date. Without cmake, programs that are there are used. */
export function buildNative(): void {
  const present = programs.every((name) => existsSync(nativeProgram(name)));
  const hasCmake = spawnSync('cmake', ['--version']).status === 0;
  if (present && !hasCmake) return;
  const configured = existsSync(path.join(outputDir, 'CMakeCache.txt'));
  if (!configured) cmake(['-S', path.join(sourceDir, 'native'), '-B', outputDir]);
  cmake(['--build', outputDir, '--parallel', '2']);
}
