/** A process that C++ has started for a loop: its number, its end, signals to it. */
import { existsSync } from 'node:fs';

import { errnoError, errnoOf, type SystemError } from '../core/errors/errno.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import { Future } from '../core/future/future.ts';
import type { Starts } from '../core/loop/completions.ts';
import type { CompletionTarget, EventLoop } from '../core/loop/event-loop.ts';
import type { Coro } from '../core/support/types.ts';
import type { SpawnRequest } from '../native/binding.ts';
import {
  COMPLETION_LENGTH,
  COMPLETION_OP_CLOSED,
  COMPLETION_OP_EXITED,
  COMPLETION_RESULT,
  CONTROL_LAST_GENERATION,
  SPAWN_STAGE_DIRECTORY,
  SPAWN_STAGE_GROUP,
  SPAWN_STAGE_PASSED,
  SPAWN_STAGE_PROCESS_GROUP,
  SPAWN_STAGE_PROGRAM,
  SPAWN_STAGE_STDIO,
  SPAWN_STAGE_USER,
} from '../native/layout.ts';

/** The exit code reported for a child that other code has waited for, as in asyncio. */
const UNKNOWN = 255;

export class Child implements CompletionTarget {
  readonly _generation: number;
  readonly pid: number;
  /** Our ends of its stdin, stdout and stderr where they are pipes, otherwise -1. */
  readonly pipes: readonly number[];
  /** Null while it runs; then the exit code, or minus the number of the signal that ended it. */
  returncode: number | null = null;
  /** Called once, when the child has ended. */
  onExit: () => void = () => {};
  readonly #loop: EventLoop;
  readonly #handle: number;

  constructor(loop: EventLoop, handle: number, pid: number, pipes: readonly number[]) {
    this.#loop = loop;
    this.#handle = handle;
    this._generation = loop._rings.control[CONTROL_LAST_GENERATION]!;
    this.pid = pid;
    this.pipes = pipes;
    loop._register(handle, this._generation, this);
  }

  _complete(op: number, words: Int32Array, at: number): void {
    if (op === COMPLETION_OP_EXITED) {
      this.#ended(words[at + COMPLETION_RESULT]!, words[at + COMPLETION_LENGTH] === 0);
    } else if (op === COMPLETION_OP_CLOSED) {
      this.#loop._unregister(this.#handle);
      this.#ended(UNKNOWN, false);
    }
  }

  #ended(code: number, known: boolean): void {
    if (this.returncode !== null) return;
    this.returncode = known ? code : UNKNOWN;
    if (!known) {
      this.#loop._warn(
        `the exit code of the child ${this.pid} is not known: somebody else has waited for it, or ` +
          `it could not be watched; ${UNKNOWN} is told instead`,
      );
    }
    this.onExit();
  }

  /**
   * Sends a signal. @returns false when the child has already ended
   * @throws an error with a `code`: `EPERM` when the child now runs as another user
   */
  signal(number: number): boolean {
    if (this.returncode !== null) return false;
    const result = this.#loop._engine.signalChild(this.#handle, this._generation, number);
    if (result === errnoOf('ESRCH')) return false;
    if (result < 0) throw errnoError(result, 'kill');
    return true;
  }
}

/** A program that is being started. */
interface Start {
  /** Done when it has started, or could not. */
  readonly told: Future<void>;
  /** Done when there is nothing left of it; null while it is wanted. */
  gone: Future<void> | null;
}

/**
 * The programs that a loop is starting. C++ does that on another thread, because whoever starts a
 * program stands still until the child has turned into it. What has started is C++'s until it is
 * taken by who makes a process of it in the same step, so a loop or a thread that ends before that
 * leaves no pipe open.
 */
class Starting implements Starts {
  readonly #loop: EventLoop;
  readonly #starts = new Map<number, Start>();

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /** See `startChild`. */
  *start(where: string, request: SpawnRequest): Coro<Child> {
    const loop = this.#loop;
    const number = loop._engine.spawn(request);
    if (number === 0) {
      loop._checkClosed();
      throw new RuntimeError(`${where}: a loop in virtual time has no processes`);
    }
    const start: Start = { told: new Future<void>({ loop }), gone: null };
    this.#starts.set(number, start);
    loop._rings.reference(1);
    try {
      yield* start.told;
    } catch (error) {
      yield* this.#giveUp(number, start);
      throw error;
    }
    const child = this.#take(number);
    if (child instanceof Child) return child;
    throw spawnError(request, ...child);
  }

  /** What has started, or `[negative errno, SPAWN_STAGE_*]`. */
  #take(number: number): Child | [errno: number, stage: number] {
    const [handle, second, ...pipes] = this.#loop._engine.spawned(number) as [
      number,
      number,
      ...number[],
    ];
    return handle < 0 ? [handle, second] : new Child(this.#loop, handle, second, pipes);
  }

  *#giveUp(number: number, start: Start): Coro<void> {
    const loop = this.#loop;
    const waits = this.#starts.has(number);
    if (waits && loop._engine.cancelSpawn(number)) {
      this.#forget(number);
      return;
    }
    start.gone = new Future<void>({ loop });
    if (!waits) this.#end(number, start.gone);
    yield* start.gone;
  }

  /** Ends a child that nobody has got. */
  #end(number: number, gone: Future<void>): void {
    const child = this.#take(number);
    const done = (): void => {
      if (!gone.done()) gone.setResult();
    };
    if (!(child instanceof Child)) {
      done();
      return;
    }
    closePipes(this.#loop, child.pipes);
    child.onExit = done;
    child.signal(9);
  }

  #forget(number: number): void {
    this.#starts.delete(number);
    this.#loop._rings.reference(-1);
  }

  complete(number: number): void {
    const start = this.#starts.get(number);
    if (start === undefined) return;
    this.#forget(number);
    if (start.gone !== null) this.#end(number, start.gone);
    else if (!start.told.done()) start.told.setResult();
  }
}

/**
 * Starts a program. A cancel waits until it is sure that nothing is left of it, so that what was
 * lent to it (descriptors) may be closed.
 * @throws an error with `code`, `syscall` and `path` when it cannot be started
 */
export function startChild(loop: EventLoop, where: string, request: SpawnRequest): Coro<Child> {
  const starting = loop._starts instanceof Starting ? loop._starts : new Starting(loop);
  loop._starts = starting;
  return starting.start(where, request);
}

/** What failed, in words, by the stage of the start, except a missing program. */
const REASONS: Readonly<Record<number, (request: SpawnRequest) => string>> = {
  [SPAWN_STAGE_STDIO]: () => 'what was given as stdin, stdout or stderr is not open',
  [SPAWN_STAGE_PASSED]: ({ passFds }) => `of passFds (${passFds.join(', ')}) one is not open`,
  [SPAWN_STAGE_PROCESS_GROUP]: ({ processGroup }) =>
    processGroup === undefined ? 'no new session' : `process group ${processGroup}`,
  [SPAWN_STAGE_DIRECTORY]: ({ cwd }) => `cwd '${cwd}' cannot be entered`,
  [SPAWN_STAGE_GROUP]: ({ gid }) => `it cannot run as group ${gid}`,
  [SPAWN_STAGE_USER]: ({ uid }) => `it cannot run as user ${uid}`,
};

/** An error like Node's: message `spawn NAME ENOENT`, properties `path` and `spawnargs`. */
function spawnError(request: SpawnRequest, errno: number, stage: number): SystemError {
  const [program, ...spawnargs] = request.args as [string, ...string[]];
  const error = errnoError(errno, `spawn ${program}`);
  const path = stage === SPAWN_STAGE_DIRECTORY ? request.cwd : program;
  const reason =
    stage === SPAWN_STAGE_PROGRAM ? missing(request, error) : REASONS[stage]?.(request);
  if (reason !== undefined) error.message += `: ${reason}`;
  return Object.assign(error, { path, spawnargs });
}

/**
 * ENOENT although the file exists means that the interpreter of its first line, or its loader, is
 * missing.
 */
function missing({ programs }: SpawnRequest, error: SystemError): string | undefined {
  if (error.code !== 'ENOENT') return undefined;
  const there = programs.find((each) => each.startsWith('/') && existsSync(each));
  return there === undefined
    ? undefined
    : `${there} is there, but not what should run it (its first line, or its loader)`;
}

/** Closes ends of pipes that nobody has taken. */
export function closePipes(loop: EventLoop, pipes: readonly number[]): void {
  for (const each of pipes) if (each >= 0) loop._engine.closePipe(each);
}
