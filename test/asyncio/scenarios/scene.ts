// Runs a scenario on Oxbow, in either lane. The statements are walked once, by a generator that
// hands what it waits for to its lane: one line of `yield*` or of `await`.
import {
  BrokenBarrierError,
  CancelledError,
  currentTask,
  ExceptionGroup,
  QueueShutDown,
  RuntimeError,
  Runner,
  sleep,
  TimeoutError,
  waitFor,
} from 'oxbow';
import type { Awaitable, Coro, Coroutine, ScopeBody } from 'oxbow';
import { VirtualLoop } from 'oxbow/testing';

import { OPS, Scene } from './scene-ops.ts';
import type { Statement } from './scene-ops.ts';
import { SCOPES } from './scene-scopes.ts';
import { Boom, seconds, show, showError } from './scene-text.ts';
import { WAITS } from './scene-waits.ts';

export type Lane = 'generator' | 'async';

/** What the walk asks of its lane: to wait, or to yield something raw (the generator lane only). */
type Request = { wait: Awaitable<unknown> } | { raw: unknown };
type Done = { value: unknown } | undefined;
type Walk<T> = Generator<Request, T, unknown>;

function* generatorLane<T>(walk: Walk<T>): Coro<T> {
  let step = walk.next();
  while (step.done !== true) {
    const request = step.value;
    let result: unknown;
    try {
      result = 'wait' in request ? yield* request.wait : yield request.raw as never;
    } catch (error) {
      step = walk.throw(error);
      continue;
    }
    step = walk.next(result);
  }
  return step.value;
}

async function asyncLane<T>(walk: Walk<T>): Promise<T> {
  let step = walk.next();
  while (step.done !== true) {
    const request = step.value;
    let result: unknown;
    try {
      if (!('wait' in request)) throw new Error('only the generator lane has a raw yield');
      result = await request.wait;
    } catch (error) {
      step = walk.throw(error);
      continue;
    }
    step = walk.next(result);
  }
  return step.value;
}

function matches(kind: string, error: unknown): boolean {
  switch (kind) {
    case 'cancelled':
      return error instanceof CancelledError;
    case 'timeout':
      return error instanceof TimeoutError;
    case 'boom':
      return error instanceof Boom;
    case 'group':
      return error instanceof ExceptionGroup;
    case 'broken':
      return error instanceof BrokenBarrierError;
    case 'shutdown':
      return error instanceof QueueShutDown;
    case 'runtime':
      return error instanceof RuntimeError;
    default:
      return true;
  }
}

/** In the async lane a coroutine that has not begun is the function. */
function begun(value: any): Awaitable<unknown> {
  return typeof value === 'function' ? value() : value;
}

class LaneScene extends Scene {
  readonly #lane: Lane;

  constructor(loop: VirtualLoop, lane: Lane) {
    super(loop);
    this.#lane = lane;
  }

  main(who: string, block: Statement[]): Coroutine<unknown> {
    return this.#begin(this.#main(who, block));
  }

  override coroutine(who: string, block: Statement[]): Coroutine<unknown> {
    return this.#begin(this.#run(who, block));
  }

  #begin(walk: Walk<unknown>): Coroutine<unknown> {
    return this.#lane === 'generator' ? generatorLane(walk) : () => asyncLane(walk);
  }

  *#main(who: string, block: Statement[]): Walk<unknown> {
    currentTask()!.setName(who);
    this.named.set(who, currentTask());
    return yield* this.#run(who, block);
  }

  *#run(who: string, block: Statement[]): Walk<unknown> {
    return (yield* this.#block(who, block))?.value;
  }

  *#block(who: string, block: Statement[]): Walk<Done> {
    for (const statement of block) {
      const done = yield* this.#statement(who, statement);
      if (done !== undefined) return done;
    }
    return undefined;
  }

  *#statement(who: string, [op, args, body, ...clauses]: Statement): Walk<Done> {
    const [first, second] = args as [string, string];
    switch (op) {
      case 'await': {
        const target = this.get(first);
        return yield* this.#watched(who, `await ${first}`, () => begun(target));
      }
      case 'sleep':
        return yield* this.#watched(who, 'sleep', () => sleep(Number(first), second), !second);
      case 'turn':
        return yield* this.#raw(who, 'turn', undefined, true);
      case 'bad':
        return yield* this.#raw(who, `bad ${first}`, first === 'value' ? 42 : this.get(first));
      case 'waitfor': {
        const target = this.get(second);
        return yield* this.#watched(who, `waitfor ${second}`, () =>
          waitFor(target, seconds(first)),
        );
      }
      case 'return':
        return { value: first === 'none' ? undefined : first };
      case 'repeat':
        return yield* this.#repeat(who, Number(first), body);
      case 'try':
        return yield* this.#try(who, body, clauses);
      default:
        return yield* this.#other(who, op!, args, body);
    }
  }

  *#other(who: string, op: string, args: string[], body: Statement[]): Walk<Done> {
    const scope = SCOPES[op];
    if (scope !== undefined) {
      const enter = (inside: unknown): void => scope.enter(this, who, args, inside);
      return yield* this.#scope(who, body, enter, (inside) => scope.run(this, args, inside));
    }
    const wait = WAITS[op];
    if (wait === undefined) return OPS[op]!(this, who, args, body) as undefined;
    const { text, tell, begin } = wait(this, who, args);
    let result: unknown;
    try {
      result = yield { wait: begin() };
    } catch (error) {
      this.log(who, `${text} ! ${showError(error)}`);
      throw error;
    }
    if (tell !== null) this.log(who, `${text} ${tell(result)}`);
    return undefined;
  }

  *#watched(
    who: string,
    text: string,
    begin: () => Awaitable<unknown>,
    silent = false,
  ): Walk<undefined> {
    let result: unknown;
    try {
      result = yield { wait: begin() };
    } catch (error) {
      this.log(who, `${text} ! ${showError(error)}`);
      throw error;
    }
    if (!silent) this.log(who, `${text} = ${show(result)}`);
    return undefined;
  }

  *#raw(who: string, text: string, raw: unknown, silent = false): Walk<undefined> {
    try {
      yield { raw };
    } catch (error) {
      this.log(who, `${text} ! ${showError(error)}`);
      throw error;
    }
    if (!silent) this.log(who, `${text} = None`);
    return undefined;
  }

  *#scope(
    who: string,
    body: Statement[],
    enter: (scope: unknown) => void,
    run: (inside: ScopeBody<any, Done>) => Awaitable<Done>,
  ): Walk<Done> {
    const walk = (scope: unknown): Walk<Done> => {
      enter(scope);
      return this.#block(who, body);
    };
    const inside =
      this.#lane === 'async'
        ? async (scope: unknown): Promise<Done> => asyncLane(walk(scope))
        : function* (scope: unknown): Coro<Done> {
            return yield* generatorLane(walk(scope));
          };
    return (yield { wait: run(inside) }) as Done;
  }

  *#repeat(who: string, times: number, body: Statement[]): Walk<Done> {
    for (let time = 0; time < times; time++) {
      const done = yield* this.#block(who, body);
      if (done !== undefined) return done;
    }
    return undefined;
  }

  *#try(who: string, body: Statement[], clauses: Statement[]): Walk<Done> {
    const last = clauses.find(([op]) => op === 'finally')?.[2] ?? [];
    let done: Done;
    try {
      done = yield* this.#guarded(who, body, clauses);
    } catch (error) {
      const over = yield* this.#block(who, last);
      if (over !== undefined) return over;
      throw error;
    }
    return (yield* this.#block(who, last)) ?? done;
  }

  *#guarded(who: string, body: Statement[], clauses: Statement[]): Walk<Done> {
    let done: Done;
    try {
      done = yield* this.#block(who, body);
    } catch (error) {
      const clause = clauses.find(([op, [kind]]) => op === 'except' && matches(kind!, error));
      if (clause === undefined) throw error;
      this.log(who, `caught ${showError(error)}`);
      done = yield* this.#block(who, clause[2]);
      if (clause[1].includes('again')) throw error;
      return done;
    }
    if (done === undefined) {
      for (const [op, , follow] of clauses) {
        if (op === 'else') done = yield* this.#block(who, follow);
      }
    }
    return done;
  }
}

/** Does not write to stderr when a scenario's exception handler throws. */
class QuietLoop extends VirtualLoop {
  override defaultExceptionHandler(): void {}
}

function mainsOf(program: Statement[]): [name: string, body: Statement[]][] {
  const mains = program.filter(([op]) => op === 'main');
  if (mains.length === 0) return [['main', program]];
  return mains.map(([, [name], body]) => [name!, body]);
}

/** The log of a program: one main, or several on one runner. */
export async function play(program: Statement[], lane: Lane): Promise<string[]> {
  const runner = new Runner({ loopFactory: () => new QuietLoop() });
  const loop = runner.getLoop() as QuietLoop;
  loop.setExceptionHandler(() => {});
  const scene = new LaneScene(loop, lane);
  for (const [name, body] of mainsOf(program)) {
    try {
      const result = await runner.run(scene.main(name, body));
      scene.log('run', `returned ${show(result)}`);
    } catch (error) {
      scene.log('run', `raised ${showError(error)}`);
    }
  }
  await runner.close();
  return scene.lines;
}
