// Trials that put a server under load, each with a new server process and a new load process.
import { rmSync } from 'node:fs';
import { Child, loadCore } from './child.ts';
import type { Driver, RunningServer } from './drivers.ts';
import { nativeCommand } from './native.ts';
import type { NativeModule, NativeProgram } from './native.ts';
import { cpuNs } from './proc.ts';
import type { Contender, Sample, Settings } from './types.ts';

export type LoadOptions = Record<string, number>;
/** Arguments with texts as well, such as the target of a request. */
type LoadArguments = Record<string, number | string>;

/**
 * Starts a generator that connects, warms the server up, and waits for the signal to begin.
 * @param where - a port, or a server
 * @param niced - whether it only gets CPU time that nobody else on its core wants
 */
export async function startLoad(
  program: NativeProgram | NativeModule,
  where: number | Pick<RunningServer, 'port' | 'unix'>,
  options: LoadArguments,
  niced = false,
): Promise<Child> {
  const { port, unix } = typeof where === 'number' ? { port: where } : where;
  const place: LoadOptions = unix === undefined ? { port } : { unix };
  const args = Object.entries({ ...place, ...options }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ]);
  const command = [...nativeCommand(program), ...args];
  const load = new Child(niced ? ['nice', '-n', '19', ...command] : command, loadCore);
  await load.answer();
  return load;
}

/** Starts a server, calls `use` with it, and stops it in any case. */
export async function withServer<T>(
  driver: Driver,
  settings: Settings,
  nodeFlags: string[],
  use: (server: RunningServer) => Promise<T>,
): Promise<T> {
  const server = await driver.start(settings, nodeFlags);
  try {
    return await use(server);
  } finally {
    await server.child.stop();
    if (server.unix !== undefined) rmSync(`/tmp/oxbow-bench-${server.unix}.sock`, { force: true });
  }
}

/** The options for the duration of the load and of the warm-up. */
export function duration(settings: Settings): LoadOptions {
  if (settings.smoke) return { messages: 2000, 'warmup-messages': 500 };
  return { seconds: 1.5, 'warmup-seconds': 0.5 };
}

/** The generators that count responses, and the correct bytes in them. */
type Generator =
  | 'load_accept'
  | 'load_echo'
  | 'load_http'
  | 'load_udp'
  | 'load_websocket'
  | 'tls_load_echo'
  | 'tls_load_http'
  | 'tls_load_handshakes';

/** One trial: the server's CPU time per response, in microseconds. */
async function cpuPerAnswer(
  program: Generator,
  server: RunningServer,
  options: LoadArguments,
  bytesPerAnswer: number,
): Promise<Sample> {
  const load = await startLoad(program, server, options);
  const before = cpuNs(server.child.pid);
  load.send('go');
  const { messages, seconds, check } = await load.answer();
  const used = cpuNs(server.child.pid) - before;
  if (check !== Number(messages) * bytesPerAnswer || Number(messages) < 1) {
    throw new Error(`${program}: ${messages} answers, but ${check} bytes were right`);
  }
  return {
    value: used / 1000 / Number(messages),
    details: {
      messages: Number(messages),
      perSecond: Math.round(Number(messages) / Number(seconds)),
      coreBusy: used / 1e9 / Number(seconds),
    },
  };
}

/** Contenders for a row that measures CPU per response. */
export function underLoad(
  drivers: Driver[],
  settings: Settings,
  program: Generator,
  shape: LoadArguments,
  bytesPerAnswer: number,
): Contender[] {
  const options = { ...duration(settings), ...shape };
  return drivers.map((driver) => ({
    name: driver.name,
    peer: driver.peer,
    missing: () => driver.missing(),
    trial: () =>
      withServer(driver, settings, [], (server) =>
        cpuPerAnswer(program, server, options, bytesPerAnswer),
      ),
  }));
}
