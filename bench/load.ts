// Trials that put a server under load: one server process, one load process, fresh for each trial.
import { rmSync } from 'node:fs';
import { Child, loadCore } from './child.ts';
import type { Driver, RunningServer } from './drivers.ts';
import { nativeCommand } from './native.ts';
import type { NativeModule, NativeProgram } from './native.ts';
import { cpuNs } from './proc.ts';
import type { Contender, Sample, Settings } from './types.ts';

export type LoadOptions = Record<string, number>;
/** With what is no number: the target of a request. */
type LoadArguments = Record<string, number | string>;

/**
 * A started generator that has connected and warmed the server up, and waits for the word.
 * @param where - a port, or a server
 * @param niced - it has only what nobody else wants of its core
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

/** Starts a server, hands it to `use`, and stops it whatever happens. */
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

/** How long to load a server, and with what before measuring. */
export function duration(settings: Settings): LoadOptions {
  if (settings.smoke) return { messages: 2000, 'warmup-messages': 500 };
  return { seconds: 1.5, 'warmup-seconds': 0.5 };
}

/** Those whose answers are counted, and the bytes that were right in them. */
type Generator =
  | 'load_accept'
  | 'load_echo'
  | 'load_http'
  | 'load_udp'
  | 'load_websocket'
  | 'tls_load_echo'
  | 'tls_load_http'
  | 'tls_load_handshakes';

/** One trial: the server's CPU time for each answer, in microseconds. */
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

/** Drivers as contenders of a row that measures CPU for each answer. */
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
