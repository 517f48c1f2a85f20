// Where the C++ load generators and raw servers are, and how they are built.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { nativeDir, rootDir, sourceDir } from './paths.ts';

const programs = [
  'load_accept',
  'load_drain',
  'load_echo',
  'load_http',
  'load_storm',
  'load_idle',
  'load_udp',
  'load_websocket',
  'raw_epoll_echo',
  'raw_epoll_http',
  'raw_sendfile',
  'raw_udp_echo',
] as const;

/** Run inside Node, to use its OpenSSL (native/node_module.cc). */
const modules = [
  'tls_load_echo',
  'tls_load_http',
  'tls_load_idle',
  'tls_load_handshakes',
  'raw_tls_echo',
] as const;

export type NativeProgram = (typeof programs)[number];
export type NativeModule = (typeof modules)[number];

export function nativeProgram(name: NativeProgram): string {
  return path.join(nativeDir, name);
}

function isModule(name: string): name is NativeModule {
  return (modules as readonly string[]).includes(name);
}

/**
 * The command to run one, without its arguments. @param node - the Node whose OpenSSL a module uses
 */
export function nativeCommand(
  name: NativeProgram | NativeModule,
  node: string = process.execPath,
): string[] {
  const file = path.join(nativeDir, name);
  if (!isModule(name)) return [file];
  return [node, '-e', 'process.dlopen({ exports: {} }, process.argv[1])', `${file}.node`];
}

/** Why there is no TLS on this machine; undefined if there is. */
export function missingModules(): string | undefined {
  const all = modules.every((name) => existsSync(path.join(nativeDir, `${name}.node`)));
  return all ? undefined : "not built: no openssl/ssl.h beside Node's headers";
}

interface Tools {
  env: NodeJS.ProcessEnv;
  zig: boolean;
}

// tools/ is plain JavaScript and not compiled with this file.
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

/**
 * The tools of the addon's build; undefined if they cannot be fetched but nothing needs to be
 * built.
 */
function tools(): Tools | undefined {
  try {
    return toolchain();
  } catch (error) {
    if (programs.every((name) => existsSync(nativeProgram(name)))) return undefined;
    throw error;
  }
}

/** Builds what is missing or out of date, with the same tools as the addon. */
export function buildNative(): void {
  const found = tools();
  if (found === undefined) return;
  forgetStale(nativeDir, found.zig);
  const configured = existsSync(path.join(nativeDir, 'CMakeCache.txt'));
  if (!configured) cmake(['-S', path.join(sourceDir, 'native'), '-B', nativeDir], found.env);
  cmake(['--build', nativeDir, '--parallel', '2'], found.env);
}
