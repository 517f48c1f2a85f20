// What the statements of a scenario do that need no wait, so that callbacks can do them too.
import { allTasks, currentTask, ensureFuture, gather, shield, Task } from 'oxbow';
import type { AbstractEventLoop, Coroutine, Future, Handle, Timeout } from 'oxbow';

import { GROUPS } from './scene-group-ops.ts';
import { SYNC } from './scene-sync-ops.ts';
import { Boom, makeError, show, showError } from './scene-text.ts';

/** `op arguments`, with the body that stands indented below it, and the clauses of a `try`. */
export type Statement = [op: string, args: string[], body: Statement[], ...clauses: Statement[]];

export type Op = (scene: Scene, who: string, args: string[], body: Statement[]) => void;

/** The things that a running scenario has named, and what it has told. */
export abstract class Scene {
  readonly loop: AbstractEventLoop;
  readonly named = new Map<string, any>();
  readonly callbacks = new Map<string, (future: Future<any>) => void>();
  readonly lines: string[] = [];

  constructor(loop: AbstractEventLoop) {
    this.loop = loop;
  }

  /** A coroutine of the lane that runs the block. */
  abstract coroutine(who: string, block: Statement[]): Coroutine<unknown>;

  log(who: string, text: string): void {
    // Simulated time is kept in nanoseconds; the scenarios' times are whole microseconds.
    this.lines.push(`${Math.round(this.loop.time() * 1e6) / 1e6} ${who}: ${text}`);
  }

  get(name: string): any {
    if (name !== 'me' && !this.named.has(name)) throw new Boom(`no ${name}`);
    return name === 'me' ? currentTask() : this.named.get(name);
  }

  runOps(who: string, block: Statement[]): void {
    for (const [op, args, body] of block) OPS[op]!(this, who, args, body);
  }

  /** Tells what `body` throws or returns. */
  attempt(who: string, text: string, body: () => unknown, silent = false): void {
    let result: unknown;
    try {
      result = body();
    } catch (error) {
      this.log(who, `${text} ! ${showError(error)}`);
      return;
    }
    if (!silent) this.log(who, `${text} = ${show(result)}`);
  }

  callback(name: string, body: Statement[]): () => void {
    return () => (body.length > 0 ? this.runOps(name, body) : this.log(name, 'ran'));
  }
}

function state(future: Future<any>): string {
  let text = 'pending';
  if (future.cancelled()) text = 'cancelled';
  else if (future.done()) {
    const error = future.exception();
    text = error === null ? `result ${show(future.result())}` : `raised ${showError(error)}`;
  }
  return future instanceof Task ? `${text} cancelling ${future.cancelling()}` : text;
}

function same(scene: Scene, who: string, what: string, name: string, a: unknown, b: unknown): void {
  scene.named.set(name, a);
  scene.log(who, `${what} ${name} same = ${show(a === b)}`);
}

const FUTURES: Record<string, Op> = {
  future: (scene, _who, [name]) => {
    scene.named.set(name!, scene.loop.createFuture());
  },
  set: (scene, who, [name, value]) =>
    scene.attempt(who, `set ${name}`, () => scene.get(name!).setResult(value), true),
  fail: (scene, who, [name, ...error]) =>
    scene.attempt(
      who,
      `fail ${name}`,
      () => scene.get(name!).setException(error[0] === 'class' ? Boom : makeError(error)),
      true,
    ),
  cancel: (scene, who, [name, ...reason]) =>
    scene.log(who, `cancel ${name} = ${show(scene.get(name!).cancel(...reason))}`),
  ensure: (scene, who, [name, from]) => {
    const source = scene.get(from!);
    same(scene, who, 'ensure', name!, ensureFuture(source), source);
  },
  gather: (scene, _who, [name, ...children]) => {
    scene.named.set(name!, gather(children.map((child) => scene.get(child))));
  },
  gatherx: (scene, _who, [name, ...children]) => {
    scene.named.set(
      name!,
      gather(
        children.map((child) => scene.get(child)),
        { returnExceptions: true },
      ),
    );
  },
  shield: (scene, who, [name, from]) => {
    const inner = scene.get(from!);
    same(scene, who, 'shield', name!, shield(inner), inner);
  },
  ondone: (scene, _who, [name, label], body) => {
    const callback =
      scene.callbacks.get(label!) ??
      ((future: Future<any>) => {
        scene.log(label!, `done ${future.cancelled() ? 'cancelled' : 'settled'}`);
        scene.runOps(label!, body);
      });
    scene.callbacks.set(label!, callback);
    scene.get(name!).addDoneCallback(callback);
  },
  offdone: (scene, who, [name, label]) =>
    scene.log(
      who,
      `offdone ${label} = ${scene.get(name!).removeDoneCallback(scene.callbacks.get(label!))}`,
    ),
  state: (scene, who, [name]) => scene.log(who, `state ${name} ${state(scene.get(name!))}`),
  result: (scene, who, [name]) =>
    scene.attempt(who, `result ${name}`, () => scene.get(name!).result()),
  exception: (scene, who, [name]) =>
    scene.attempt(who, `exception ${name}`, () => scene.get(name!).exception()),
};

const TASKS: Record<string, Op> = {
  task: (scene, _who, [name], body) => {
    scene.named.set(name!, scene.loop.createTask(scene.coroutine(name!, body), { name }));
  },
  coro: (scene, _who, [name], body) => {
    scene.named.set(name!, scene.coroutine(name!, body));
  },
  cancelling: (scene, who, [name]) =>
    scene.log(who, `cancelling ${name} = ${scene.get(name!).cancelling()}`),
  uncancel: (scene, who, [name]) =>
    scene.log(who, `uncancel ${name} = ${scene.get(name!).uncancel()}`),
  current: (scene, who) => scene.log(who, `current = ${currentTask()?.getName() ?? 'None'}`),
  all: (scene, who) =>
    scene.log(
      who,
      `all = ${[...allTasks()]
        .map((task) => task.getName())
        .sort()
        .join(' ')}`,
    ),
  rename: (scene, who, [name, to]) => {
    scene.get(name!).setName(to);
    scene.log(who, `name = ${scene.get(name!).getName()}`);
  },
  settask: (scene, who, [name]) => {
    scene.attempt(who, 'settask', () => scene.get(name!).setResult(1));
    scene.attempt(who, 'failtask', () => scene.get(name!).setException(new Boom()));
  },
  reschedule: (scene, who, [name, delay]) => {
    const when = delay === 'none' ? null : scene.loop.time() + Number(delay);
    const scope = scene.get(name!) as Timeout;
    scene.attempt(who, `reschedule ${name}`, () => scope.reschedule(when));
  },
  expired: (scene, who, [name]) =>
    scene.log(who, `expired ${name} = ${show((scene.get(name!) as Timeout).expired())}`),
  when: (scene, who, [name]) =>
    scene.log(who, `when ${name} = ${show((scene.get(name!) as Timeout).when())}`),
};

const LOOP: Record<string, Op> = {
  log: (scene, who, words) => scene.log(who, words.join(' ')),
  soon: (scene, _who, [name], body) => {
    scene.named.set(name!, scene.loop.callSoon(scene.callback(name!, body)));
  },
  later: (scene, _who, [name, delay], body) => {
    scene.named.set(name!, scene.loop.callLater(Number(delay), scene.callback(name!, body)));
  },
  at: (scene, _who, [name, when], body) => {
    scene.named.set(name!, scene.loop.callAt(Number(when), scene.callback(name!, body)));
  },
  drop: (scene, _who, [name]) => (scene.get(name!) as Handle).cancel(),
  dropped: (scene, who, [name]) =>
    scene.log(who, `dropped ${name} = ${show((scene.get(name!) as Handle).cancelled())}`),
  raise: (_scene, _who, args) => {
    throw makeError(args);
  },
  stop: (scene) => scene.loop.stop(),
  close: (scene, who) => scene.attempt(who, 'close', () => scene.loop.close()),
  handler: (scene, _who, args) =>
    scene.loop.setExceptionHandler((_loop, context) => {
      if (context.message.includes('never retrieved')) return;
      const first = context.message.split(' ').slice(0, 2).join(' ');
      scene.log('handler', `${first} ${showError(context.exception)}`);
      if (args.length > 0) throw makeError(args);
    }),
};

export const OPS: Record<string, Op> = { ...FUTURES, ...TASKS, ...LOOP, ...SYNC, ...GROUPS };
