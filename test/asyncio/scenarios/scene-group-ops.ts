// What the statements about groups, eager tasks, contexts and messages do that wait for nothing.
import { asCompleted, ContextVar, copyContext, eagerTaskFactory, Task } from 'oxbow';
import type { AsCompleted, Context } from 'oxbow';

import type { Op } from './scene-ops.ts';
import { makeError, seconds, show, showError, showMessage } from './scene-text.ts';

const TASKS: Record<string, Op> = {
  spawn: (scene, who, [group, name], body) => {
    try {
      scene.named.set(name!, scene.get(group!).createTask(scene.coroutine(name!, body), { name }));
    } catch (error) {
      scene.log(who, `spawn ${name} ! ${showError(error)}`);
    }
  },
  eager: (scene, _who, [name], body) => {
    const { loop } = scene;
    scene.named.set(
      name!,
      new Task(scene.coroutine(name!, body), { loop, name, eagerStart: true }),
    );
  },
  factory: (scene, _who, [kind]) =>
    scene.loop.setTaskFactory(kind === 'eager' ? eagerTaskFactory : null),
  hascoro: (scene, who, [name]) =>
    scene.log(who, `hascoro ${name} = ${show(scene.get(name!).getCoro() !== null)}`),
  completed: (scene, _who, [name, timeout, ...names]) => {
    const all = asCompleted(
      names.map((each) => scene.get(each)),
      { timeout: seconds(timeout!) },
    ) as AsCompleted<any>;
    scene.named.set(name!, all[Symbol.iterator]());
    scene.named.set(`async ${name}`, all[Symbol.asyncIterator]());
  },
};

const CONTEXTS: Record<string, Op> = {
  var: (scene, _who, [name, fallback]) => {
    scene.named.set(
      name!,
      new ContextVar(name!, fallback === undefined ? {} : { default: fallback }),
    );
  },
  varset: (scene, _who, [name, value, token = 'token']) => {
    scene.named.set(token, (scene.get(name!) as ContextVar<unknown>).set(value));
  },
  varget: (scene, who, [name, ...fallback]) =>
    scene.attempt(who, `varget ${name}`, () => scene.get(name!).get(...fallback)),
  varreset: (scene, who, [name, token]) =>
    scene.attempt(who, `varreset ${name}`, () => scene.get(name!).reset(scene.get(token!)), true),
  context: (scene, _who, [name]) => {
    scene.named.set(name!, copyContext());
  },
  in: (scene, who, [name], body) => scene.get(name!).run(() => scene.runOps(who, body)),
  ctxget: (scene, who, [name, variable]) => {
    const context = scene.get(name!) as Context;
    const found = scene.get(variable!) as ContextVar<unknown>;
    scene.log(who, `ctxget ${variable} = ${show(context.get(found))} ${show(context.has(found))}`);
  },
  taskin: (scene, _who, [context, name], body) => {
    scene.named.set(
      name!,
      scene.loop.createTask(scene.coroutine(name!, body), { name, context: scene.get(context!) }),
    );
  },
};

const camel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

const MESSAGES: Record<string, Op> = {
  message: (scene, who, _args, body) => {
    try {
      scene.runOps(who, body);
    } catch (error) {
      scene.log(who, `message ${showError(error)}: ${showMessage(error as Error)}`);
    }
  },
  throws: (scene, who, [name, method, ...args]) => {
    try {
      scene.get(name!)[camel(method!)](...args.map(Number));
    } catch (error) {
      scene.log(who, `${method} ! ${showError(error)}: ${showMessage(error as Error)}`);
      return;
    }
    scene.log(who, `${method} is fine`);
  },
  contexts: (scene, _who, args) =>
    scene.loop.setExceptionHandler((_loop, context) => {
      if (context.message.includes('never retrieved')) return;
      const keys = Object.keys(context)
        .filter((key) => key !== 'message')
        .sort()
        .join(' ');
      const first = context.message.split(' ').slice(0, 3).join(' ');
      scene.log('handler', `${first} [${keys}] ${showError(context.exception)}`);
      if (args.length > 0) throw makeError(args);
    }),
};

export const GROUPS: Record<string, Op> = { ...TASKS, ...CONTEXTS, ...MESSAGES };
