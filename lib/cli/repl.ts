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
  // Before the run, which would take Ctrl-C for itself: at a prompt it must not end the program.
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
    // The globals of this process, as in Node's own prompt: a context apart would have an Error and
    // a Promise of its own, which are not those that the library knows.
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
 * Lets the loop run what is typed. How an evaluation ends is not always told to the one who asked
 * for it (an error goes another way), but at the end of each the prompt is shown again; so it is
 * after an error that nobody caught anywhere, which is not an end of the evaluation.
 */
function evaluateOn(loop: ReplLoop, server: REPLServer, interrupted: () => void): void {
  const evaluate = server.eval;
  type Evaluate = typeof evaluate;
  (server as { eval: Evaluate }).eval = function evaluateOnLoop(code, context, file, done) {
    // While code runs, Node watches for Ctrl-C itself, so that it can stop an endless loop; but it
    // stops watching as soon as a listener goes, and for that time it takes away all there are.
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
    // Of a Promise whose rejection nobody handled, only the stack tells.
    if (!elsewhere && !new Error().stack!.includes('processPromiseRejections')) loop.evaluated();
    elsewhere = false;
  };
  // The prompt's own listener shows it again when it sees nothing to interrupt; what has begun and
  // not come to its first wait yet, it does not see.
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
 * Gives the lines of stdin to the prompt one by one. By itself it would take all that have come,
 * while the first of them still waits for something.
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

/** Makes everything that the package exports a global. */
function addNames(server: REPLServer): void {
  // Node's fetch takes what it needs of the globals when it is first loaded, among them `Event`.
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
