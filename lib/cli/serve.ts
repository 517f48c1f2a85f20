/** `oxbow serve FILE`: serves what a program exports, over HTTP. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import type * as http from '../http.ts';
import type * as oxbow from '../index.ts';
import { isMainThread } from '../core/support/worker-threads.ts';
import { importProgram, ProgramError, toPath } from './load-program.ts';
import { complain, print, usage } from './output.ts';
import { importOwn } from './own-copy.ts';
import { printError } from './print-error.ts';
import { runWatching } from './run-again.ts';
import { servedBy, type Served } from './served-by.ts';

const HELP = `Usage: oxbow serve [options] FILE

Imports FILE and serves its default export: a function that answers requests,
or an object of options of serve() with 'fetch' or 'routes' (an application of
Hono is one).

Options:
  --port N          port to listen on, or 0 for any; default: that of the
                    program, else 8080
  --hostname NAME   name or address to listen on; default: that of the program,
                    else 127.0.0.1
  --unix PATH       listen on a Unix socket
  --workers N       threads that answer, or 'auto' for one on each processor
  --tls CERT,KEY    serve https: with these files of PEM; CERT alone has both
  --watch           start again whenever a file of the program changes
  -h, --help        this text

SIGTERM or Ctrl-C shuts the server down gently, a second one ends it at once.
SIGHUP reads the certificate again and starts the threads anew. SIGUSR2 starts
a new process that takes over the sockets, and shuts this one down.
Exit code: 0, 1 after an error, 2 when the command line is wrong.
`;

const OPTIONS = {
  port: { type: 'string' },
  hostname: { type: 'string' },
  unix: { type: 'string' },
  workers: { type: 'string' },
  tls: { type: 'string' },
  watch: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const PORT = 8080;
/** The maximum number of threads, as in `serve`. */
const WORKERS_MOST = 1024;

/** The parsed command line. */
interface Command {
  readonly file: string;
  readonly options: Served;
  /** Reads the files of --tls; again at each call. */
  readonly tls: (() => { cert: string; key: string }) | null;
  readonly watch: boolean;
}

/** `oxbow serve`. @returns the exit code */
export async function serveCommand(args: readonly string[]): Promise<number> {
  let command: Command | null;
  try {
    command = parse(args);
  } catch (error) {
    return usage('serve', HELP, (error as Error).message);
  }
  if (command === null) {
    print(HELP);
    return 0;
  }
  if (command.watch) return runWatching(['serve', ...args.filter((each) => each !== '--watch')]);
  try {
    return await serveFile(command, args);
  } catch (error) {
    if (!(error instanceof ProgramError)) return printError(error);
    complain(`oxbow serve: ${error.message}\n`);
    return error.exitCode;
  }
}

/** @returns null when help was requested. @throws Error with a message for the user */
function parse(args: readonly string[]): Command | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
  });
  if (values.help === true) return null;
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) {
    throw new Error(
      file === undefined ? 'no FILE was given' : `one FILE, not ${positionals.length}`,
    );
  }
  const { port, hostname, unix, workers, tls } = values;
  const options: Served = {};
  if (port !== undefined) options.port = numberOf('--port', port, 0, 65535);
  if (hostname !== undefined) options.hostname = hostname;
  if (unix !== undefined) options.unix = unix;
  if (workers !== undefined) {
    options.workers =
      workers === 'auto' ? workers : numberOf('--workers', workers, 1, WORKERS_MOST);
  }
  return {
    file,
    options,
    tls: tls === undefined ? null : filesOf(tls),
    watch: values.watch === true && isMainThread(),
  };
}

function numberOf(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= least && number <= most) return number;
  throw new Error(`${name} must be a number from ${least} to ${most}, not '${text}'`);
}

function filesOf(tls: string): () => { cert: string; key: string } {
  const [cert = '', key = cert, more] = tls.split(',');
  if (cert === '' || key === '' || more !== undefined) {
    throw new Error(`--tls must be CERT,KEY, not '${tls}'`);
  }
  return () => ({ cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') });
}

async function serveFile(command: Command, args: readonly string[]): Promise<number> {
  const path = toPath(command.file);
  const program = await importProgram(path, ['serve', ...args]);
  if (typeof program === 'number') return program;
  const own = servedBy(program, path);
  const { serve, handOver } = await importOwn<typeof http>(path, 'oxbow/http');
  const { run, TlsContext } = await importOwn<typeof oxbow>(path, 'oxbow');
  const options: Served = { ...own, ...command.options };
  const places = [options.port, options.hostname, options.unix, options.fd];
  if (places.every((each) => each === undefined)) options.port = PORT;
  const { tls } = command;
  const context = tls === null ? null : new TlsContext(tls());
  if (context !== null) options.tls = context;

  await run(async () => {
    const server: http.RunningServer = await serve(options);
    if (isMainThread()) {
      print(`serving ${command.file} on ${server.url}\n`);
      const reload = async (): Promise<void> => {
        if (context !== null) context.update(tls!());
        if (options.workers !== undefined) await (server as http.WorkerServer).reload();
      };
      listen(server, reload, handOver);
    }
    await server.serveForever();
  });
  return 0;
}

/** Installs the handlers of signals. */
function listen(
  server: http.RunningServer,
  reload: () => Promise<void>,
  handOver: () => PromiseLike<number>,
): void {
  let ending = false;
  const end = (): void => {
    if (ending) process.exit(1);
    ending = true;
    void server.shutdown();
  };
  const act = (name: string, what: () => PromiseLike<string>): void => {
    process.on(name, () => {
      what().then(
        (done) => print(`${name}: ${done}\n`),
        (error: Error) => complain(`oxbow serve: ${name}: ${error.message}\n`),
      );
    });
  };
  process.on('SIGTERM', end).on('SIGINT', end);
  act('SIGHUP', () => reload().then(() => 'reloaded'));
  act('SIGUSR2', async () => `process ${await handOver()} goes on`);
}
