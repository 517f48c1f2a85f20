// The load generators and raw servers in C++: where they are, and their build.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { nativeDir, rootDir, sourceDir } from './paths.ts';

const programs = [
  'load_echo',
  'load_http',
  'load_storm',
  'load_idle',
  'load_udp',
  'raw_epoll_echo',
  'raw_epoll_http',
  'raw_udp_echo',
] as const;

export type NativeProgram = (typeof programs)[number];

export function nativeProgram(name: NativeProgram): string {
  return path.join(nativeDir, name);
}

interface Tools {
  env: NodeJS.ProcessEnv;
  zig: boolean;
}

// Plain JavaScript, outside of what is compiled.
const tool = (name: string): Promise<unknown> =>
  import(pathToFileURL(path.join(rootDir, 'tools', name)).href);
const { toolchain } = (await tool('toolchain.mjs')) as { toolchain(): Tools };
const { forgetStale } = (await tool('build-native.mjs')) as {
  forgetStale(folder: string, zig: boolean): void;
};

function cmake(args: string[], env: NodeJS.ProcessEnv): void {
  const result = spawnSync('cmake', args, { encoding: 'utf8', env });
  if (result.status === 0) return;
  const reason = result.error?.message ?? `${result.stdout}${result.stderr}`;
  throw new Error(`building bench/native failed\n${reason}`);
}

/** The tools of the addon's build; undefined where they cannot be had but nothing is missing. */
function tools(): Tools | undefined {
  try {
    return toolchain();
  } catch (error) {
    if (programs.every((name) => existsSync(nativeProgram(name)))) return undefined;
    throw error;
  }
}

/** Builds what is missing or out of date, with the tools that build the addon. */
export function buildNative(): void {
  const found = tools();
  if (found === undefined) return;
  forgetStale(nativeDir, found.zig);
  const configured = existsSync(path.join(nativeDir, 'CMakeCache.txt'));
  if (!configured) cmake(['-S', path.join(sourceDir, 'native'), '-B', nativeDir], found.env);
  cmake(['--build', nativeDir, '--parallel', '2'], found.env);
}
