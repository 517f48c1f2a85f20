/** `oxbow repl`: Node's prompt with a running loop behind it. */
import { createInterface } from 'node:readline';
import repl from 'node:repl';
import type { REPLServer } from 'node:repl';
import { PassThrough } from 'node:stream';
import { setImmediate as immediate } from 'node:timers/promises';

import * as oxbow from '../index.ts';
import { loopOptions } from './loop-options.ts';
import { print, watchOutput } from './output.ts';
import { ReplLoop } from './repl-loop.ts';

const HELP = `Usage: oxbow repl [options]

A prompt on a running loop. 'await' waits for anything that Oxbow or Node can
wait for; all of 'oxbow' is there by its names, and as 'oxbow'. Each input runs
as a task; context variables that it sets stay set.

Ctrl-C cancels what is awaited. .exit or Ctrl-D ends the loop; tasks that are
left are cancelled then.

Options:
  --debug     debug mode of the loop
  -h, --help  this text

Environment: OXBOW_REPL_HISTORY names a file that keeps what was typed; without
it, nothing is kept.
`;

/** `oxbow repl`. @returns the exit code */
export async function replCommand(args: readonly string[]): Promise<number> {
  const options = loopOptions('repl', HELP, args);
  if (typeof options === 'number') return options;
  watchOutput();
  const loop = new ReplLoop(options);
  let server: REPLServer | undefined;
  const interrupted = (): void => void server?.emit('SIGINT');
  // Added before the run, which then leaves Ctrl-C alone: at a prompt it must not end the program.
  process.on('SIGINT', interrupted);
  try {
    await oxbow.run(
      function* () {
        const ended = loop.createFuture<void>();
        server = startServer();
        server.on('exit', () => ended.setResult());
        evaluateOn(loop, server, interrupted);
        yield* ended;
      },
      { loopFactory: () => loop },
    );
  } finally {
    process.removeListener('SIGINT', interrupted);
  }
  return 0;
}

function startServer(): REPLServer {
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  if (terminal) {
    print(`Oxbow on Node ${process.version}: a loop is running, 'await' waits.\n`);
  }
  const server = repl.start({
    prompt: 'oxbow> ',
    input: terminal ? process.stdin : new PassThrough(),
    output: process.stdout,
    terminal,
    // Use the globals of this process, as Node's own prompt does: a separate context would have its
    // own Error and Promise classes, which the library does not recognise.
    useGlobal: true,
    breakEvalOnSigint: true,
  });
  addNames(server);
  server.on('reset', () => addNames(server));
  const history = process.env['OXBOW_REPL_HISTORY'];
  if (terminal && history) server.setupHistory(history, () => {});
  return server;
}

/**
 * Makes the loop evaluate inputs. The callback of an evaluation is not always called (not after an
 * error), but the prompt is shown again after each. It is also shown after an uncaught error
 * elsewhere, which does not end the evaluation.
 */
function evaluateOn(loop: ReplLoop, server: REPLServer, interrupted: () => void): void {
  const evaluate = server.eval;
  type Evaluate = typeof evaluate;
  (server as { eval: Evaluate }).eval = function evaluateOnLoop(code, context, file, done) {
    // While code runs, Node watches for Ctrl-C itself, so that it can stop an endless loop. It
    // stops watching when a listener is removed, and removes all listeners for that time.
    process.removeListener('SIGINT', interrupted);
    loop.evaluate(function evaluateInput() {
      evaluate.call(server, code, context, file, done);
    });
    process.on('SIGINT', interrupted);
  };
  let elsewhere = false;
  process.on('uncaughtExceptionMonitor', () => {
    elsewhere = true;
  });
  const display = server.displayPrompt;
  server.displayPrompt = function displayPrompt(preserveCursor) {
    display.call(server, preserveCursor);
    // An unhandled rejection can only be recognised by the stack.
    if (!elsewhere && !new Error().stack!.includes('processPromiseRejections')) loop.evaluated();
    elsewhere = false;
  };
  // The prompt's own listener shows the prompt again when it sees nothing to interrupt; it does not
  // see an evaluation before its first wait.
  server.prependListener('SIGINT', () => {
    elsewhere = true;
    loop.interrupt();
  });
  server.on('SIGINT', () => {
    elsewhere = false;
  });
  if (!server.terminal) void feed(server, loop);
}

/**
 * Passes the lines of stdin to the prompt one by one. By itself the prompt would read further lines
 * while the first one is still waiting.
 */
async function feed(server: REPLServer, loop: ReplLoop): Promise<void> {
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  let open = true;
  server.once('close', () => {
    open = false;
    lines.close();
  });
  for await (const line of lines) {
    if (!open) return;
    server.write(`${line}\n`);
    await loop.idle();
    // .exit closes the prompt in the next turn of Node.
    await immediate();
  }
  server.close();
}

/** Defines every export of the package as a global. */
function addNames(server: REPLServer): void {
  // Load Node's fetch first: it reads globals such as `Event`, which are replaced below.
  void globalThis.Headers;
  for (const [name, value] of Object.entries({ ...oxbow, oxbow })) {
    Object.defineProperty(server.context, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
}
