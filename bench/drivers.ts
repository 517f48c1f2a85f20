// The servers that can be put under load. Each is a command whose process prints {"port":N} and
// then serves until it gets SIGTERM or its standard input ends.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { certificate } from './certificate.ts';
import { missingModules, nativeCommand, nativeProgram } from './native.ts';
import type { NativeProgram } from './native.ts';
import { startNginx } from './nginx.ts';
import { Child, loadCore, serverCore } from './child.ts';
import { compiledDir, peersDir } from './paths.ts';
import { missingPython, pythonCommand } from './python.ts';
import type { PythonLoop } from './python.ts';
import type { Settings } from './types.ts';

export interface RunningServer {
  child: Child;
  /** 0 if it listens on a Unix socket. */
  port: number;
  /** The pid in the path of its Unix socket, if it listens on one. */
  unix?: number;
}

export interface Driver {
  name: string;
  peer: boolean;
  missing(): string | undefined;
  start(settings: Settings, nodeFlags?: string[]): Promise<RunningServer>;
}

const available = () => undefined;

/** Variables added to a server's environment. */
type Environment = () => Promise<Record<string, string>>;
const nothing: Environment = async () => ({});

async function startAnnounced(
  command: string[],
  env: Record<string, string> = {},
  cores: number | string = serverCore,
): Promise<RunningServer> {
  const child = new Child(command, cores, env);
  const { port, unix } = await child.answer();
  return unix === undefined
    ? { child, port: Number(port) }
    : { child, port: 0, unix: Number(unix) };
}

function compiled(name: string): string {
  return path.join(compiledDir, 'drivers', `${name}.js`);
}

function onNode(name: string, file: string, env = nothing): Driver {
  return {
    name,
    peer: false,
    missing: available,
    start: async (settings, flags = []) =>
      startAnnounced([settings.node, ...flags, compiled(file)], await env()),
  };
}

function rawEpoll(program: NativeProgram, ...args: string[]): Driver {
  return {
    name: 'raw epoll',
    peer: true,
    missing: available,
    start: () => startAnnounced([nativeProgram(program), ...args]),
  };
}

// The packages contain the program, so it exists even where install scripts are blocked.
function npmProgram(...candidates: string[]): string | undefined {
  return candidates.map((name) => path.join(peersDir, name)).find((file) => existsSync(file));
}

const arch = process.arch;
export const bun = npmProgram(
  `@oven/bun-linux-${arch}/bin/bun`,
  `@oven/bun-linux-${arch}-musl/bin/bun`,
);
const deno = npmProgram(`@deno/linux-${arch}-glibc/deno`);
// All in one command, as npm removes what an earlier one has installed.
export const install =
  'not installed: npm install --no-save --prefix build/peers ' +
  `bun deno fastify @trufflesuite/uws-js-unofficial node-linux-${arch}@20`;

function onBun(file: string, env = nothing): Driver {
  return {
    name: 'bun',
    peer: true,
    missing: () => (bun === undefined ? install : undefined),
    start: async () => startAnnounced([bun!, compiled(file)], await env()),
  };
}

/** The newest release on npm has addons up to Node 20's ABI. */
const uwsAbi = '115';
const uwsAddon = npmProgram(
  `@trufflesuite/uws-js-unofficial/binaries/uws_${process.platform}_${arch}_${uwsAbi}.node`,
);
const node20 =
  process.versions.modules === uwsAbi
    ? process.execPath
    : npmProgram(`node-linux-${arch}/bin/node`);

/** A driver whose program gets the path of the addon. */
function onUws(file: string): Driver {
  return {
    name: 'uWebSockets.js',
    peer: true,
    missing: () => (uwsAddon === undefined || node20 === undefined ? install : undefined),
    start: () => startAnnounced([node20!, compiled(file), uwsAddon!]),
  };
}

function onDeno(file: string): Driver {
  return {
    name: 'deno',
    peer: true,
    missing: () => (deno === undefined ? install : undefined),
    start: () =>
      startAnnounced([deno!, 'run', '--no-config', '--allow-all', compiled(file)], {
        DENO_DIR: path.join(peersDir, '../deno-cache'),
        DENO_NO_UPDATE_CHECK: '1',
      }),
  };
}

const fastify = npmProgram('fastify');

function onFastify(file: string): Driver {
  return {
    name: 'fastify',
    peer: true,
    missing: () => (fastify === undefined ? install : undefined),
    start: (settings) => startAnnounced([settings.node, compiled(file), fastify!]),
  };
}

function onPython(module: PythonLoop): Driver {
  return {
    name: module,
    peer: true,
    missing: () => missingPython(module),
    start: () => startAnnounced([...pythonCommand(module, 'drivers/echo.py'), module]),
  };
}

function onNginx(): Driver {
  return {
    name: 'nginx',
    peer: true,
    missing: () => {
      const present = spawnSync('nginx', ['-v']).status === 0;
      return present ? undefined : 'not installed: apt install nginx';
    },
    start: () => startNginx(),
  };
}

export const echoDrivers: Driver[] = [
  onNode('oxbow', 'oxbow-echo-protocol'),
  onNode('oxbow streams', 'oxbow-echo-streams'),
  onNode('node:net', 'node-net-echo'),
  rawEpoll('raw_epoll_echo'),
  onBun('bun-echo'),
  onDeno('deno-echo'),
  onPython('uvloop'),
  onPython('asyncio'),
];

/** Drivers that know `/wait` never respond to it. */
export const idleHttpDrivers: Driver[] = [
  onNode('oxbow', 'oxbow-http-idle'),
  onNode('node:http', 'node-http'),
];

/** For large messages, where memory matters: includes the ways to receive that reuse memory. */
export const largeEchoDrivers: Driver[] = [
  ...echoDrivers,
  onNode('oxbow transient', 'oxbow-echo-transient'),
  onNode('oxbow buffered', 'oxbow-echo-buffered'),
];

export const httpDrivers: Driver[] = [
  onNode('oxbow', 'oxbow-http'),
  onNode('node:http', 'node-http'),
  rawEpoll('raw_epoll_http'),
  onBun('bun-http'),
  onUws('uws-http'),
  onDeno('deno-http'),
  onNginx(),
];

/** A driver for TLS; without load generators for TLS none takes part. */
function withTls(driver: Driver): Driver {
  return { ...driver, missing: () => missingModules() ?? driver.missing() };
}

export const tlsDrivers: Driver[] = [
  onNode('oxbow', 'oxbow-echo-protocol', certificate),
  onNode('node:tls', 'node-tls-echo', certificate),
  {
    name: 'raw openssl',
    peer: true,
    missing: available,
    start: async (settings: Settings) =>
      startAnnounced(nativeCommand('raw_tls_echo', settings.node), await certificate()),
  },
  onBun('bun-echo', certificate),
].map(withTls);

/** For large messages, where memory matters: includes the way to receive that reuses memory. */
export const largeTlsDrivers: Driver[] = [
  ...tlsDrivers,
  withTls(onNode('oxbow transient', 'oxbow-echo-transient', certificate)),
];

export const httpsDrivers: Driver[] = [
  onNode('oxbow', 'oxbow-http', certificate),
  onNode('node:https', 'node-http', certificate),
  onBun('bun-http', certificate),
].map(withTls);

export const honoDrivers: Driver[] = [
  onNode('oxbow', 'oxbow-hono'),
  onNode('@hono/node-server', 'node-hono'),
  onBun('bun-hono'),
];

export const httpBodyDrivers: Driver[] = [
  onNode('oxbow', 'oxbow-http-body'),
  onNode('node:http', 'node-http-body'),
  onBun('bun-http-body'),
];

export const httpFileDrivers: Driver[] = [
  onNode('oxbow', 'oxbow-http-files'),
  onBun('bun-http-files'),
  onNginx(),
];

export const expressDrivers: Driver[] = [
  onNode('oxbow', 'oxbow-express'),
  onNode('node:http', 'node-express'),
];

/** A server with 1 or 2 threads, and a core for each of them. */
export function workerDriver(workers: number): Driver {
  const env = { OXBOW_BENCH_WORKERS: String(workers) };
  return {
    name: workers === 1 ? 'one worker' : 'two workers',
    peer: false,
    missing: available,
    start: (settings) =>
      startAnnounced(
        [settings.node, compiled('oxbow-http-workers')],
        env,
        workers === 1 ? serverCore : `${serverCore},${loadCore}`,
      ),
  };
}

/** Servers with the routes that `load_http --routes 200` requests. */
export const routeDrivers: Driver[] = [
  onNode('oxbow', 'oxbow-routes'),
  onBun('bun-routes'),
  onFastify('fastify-routes'),
];

export const udpDrivers: Driver[] = [
  onNode('oxbow', 'oxbow-udp-echo'),
  onNode('node:dgram', 'node-dgram-echo'),
  {
    name: 'raw',
    peer: true,
    missing: available,
    start: () => startAnnounced([nativeProgram('raw_udp_echo')]),
  },
  onBun('bun-udp-echo'),
];

export const idleWebSocketDrivers: Driver[] = [
  onNode('oxbow', 'oxbow-websocket'),
  onNode('ws', 'ws-websocket'),
];

export const webSocketDrivers: Driver[] = [
  ...idleWebSocketDrivers,
  onNode('oxbow transient', 'oxbow-websocket-transient'),
  onBun('bun-websocket'),
  onUws('uws-websocket'),
];

/** The path of the socket contains the pid, which is known here as well. */
const onUnix: Environment = async () => ({ OXBOW_BENCH_UNIX: '1' });

export const unixDrivers: Driver[] = [
  onNode('oxbow', 'oxbow-echo-protocol', onUnix),
  onNode('node:net', 'node-net-echo', onUnix),
  rawEpoll('raw_epoll_echo', '--unix', '1'),
  onBun('bun-echo', onUnix),
];

/** For large messages, where memory matters: includes the ways to receive that reuse memory. */
export const largeUnixDrivers: Driver[] = [
  ...unixDrivers,
  onNode('oxbow transient', 'oxbow-echo-transient', onUnix),
];

/** Servers that accept connections and close them. */
export const acceptDrivers: Driver[] = [
  onNode('oxbow', 'oxbow-accept'),
  onNode('node:net', 'node-net-accept'),
];

/** Servers that send this file to every client. */
export function fileDrivers(file: string): Driver[] {
  const env: Environment = async () => ({ OXBOW_BENCH_FILE: file });
  return [
    onNode('oxbow', 'oxbow-sendfile', env),
    onNode('node:net', 'node-net-pipe-file', env),
    { ...rawEpoll('raw_sendfile', file), name: 'raw' },
  ];
}
