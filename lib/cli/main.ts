#!/usr/bin/env node
/**
 * The command `oxbow`: a table of commands, each in a separate file that is loaded on demand. The
 * exit code is that of the command, or 2 when the command line is wrong.
 */
import { createRequire } from 'node:module';

import { nearest } from '../core/support/nearest.ts';
import { complain, print } from './output.ts';

/** Runs a command. @returns the exit code; 0 leaves `process.exitCode` to the program */
type Command = (args: readonly string[]) => Promise<number>;

interface Entry {
  /** The description in the list of commands. */
  readonly what: string;
  load(): Promise<Command>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  run: {
    what: 'run the main function of a program on a loop',
    load: async () => (await import('./run.ts')).runCommand,
  },
  serve: {
    what: 'serve what a program exports over HTTP',
    load: async () => (await import('./serve.ts')).serveCommand,
  },
  repl: {
    what: 'a prompt with a running loop behind it',
    load: async () => (await import('./repl.ts')).replCommand,
  },
  trace: {
    what: 'run a program and write what its loop did to a file',
    load: async () => (await import('./trace.ts')).traceCommand,
  },
  ps: {
    what: 'the tasks of a running process, as a table',
    load: async () => (await import('./ps.ts')).psCommand,
  },
  pstree: {
    what: 'the tasks of a running process, by who waits for whom',
    load: async () => (await import('./pstree.ts')).pstreeCommand,
  },
  top: {
    what: 'what a running process does, live',
    load: async () => (await import('./top.ts')).topCommand,
  },
};

const NAMES: readonly string[] = Object.keys(COMMANDS);

function list(): string {
  return Object.entries(COMMANDS)
    .map(([name, { what }]) => `  ${name.padEnd(8)} ${what}\n`)
    .join('');
}

function help(): string {
  return `Usage: oxbow <command> [arguments]

Commands:
${list()}
  oxbow help <command>   what a command takes
  oxbow --version        the version
`;
}

function version(): string {
  const require = createRequire(import.meta.url);
  return (require('../../package.json') as { version: string }).version;
}

function wrong(message: string): number {
  complain(`oxbow: ${message}\n`);
  return 2;
}

function unknown(name: string): number {
  const guess = nearest(name, NAMES);
  const hint = guess === null ? '' : `; did you mean '${guess}'?`;
  return wrong(`there is no command '${name}'${hint}\n\nCommands:\n${list().trimEnd()}`);
}

async function main([first, ...rest]: readonly string[]): Promise<number> {
  if (first === undefined) {
    complain(help());
    return 2;
  }
  if (first === '--version' || first === '-v') {
    print(`${version()}\n`);
    return 0;
  }
  const asked = first === 'help' || first === '--help' || first === '-h';
  if (asked && rest.length === 0) {
    print(help());
    return 0;
  }
  if (!asked && first.startsWith('-')) {
    return wrong(`unknown option '${first}'; options of a command come after its name`);
  }
  const name = asked ? rest[0]! : first;
  // Own properties only: every object has names such as 'constructor'.
  if (!Object.hasOwn(COMMANDS, name)) return unknown(name);
  const command = await COMMANDS[name]!.load();
  return command(asked ? ['--help'] : rest);
}

main(process.argv.slice(2)).then(
  (code) => {
    // An exit code that the program has set is not overwritten.
    if (code !== 0) process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
