// What the statements of a scenario with a body of their own do: `timeout`, `group`, `with`.
import { TaskGroup, timeout, timeoutAt } from 'oxbow';
import type { Awaitable, ScopeBody } from 'oxbow';

import type { Scene } from './scene-ops.ts';
import { seconds, show } from './scene-text.ts';

export interface ScopeOp {
  run(scene: Scene, args: string[], inside: ScopeBody<any, any>): Awaitable<any>;
  /** The body begins. */
  enter(scene: Scene, who: string, args: string[], scope: unknown): void;
}

function namedBy(at: number): ScopeOp['enter'] {
  return (scene, _who, args, scope) => {
    scene.named.set(args[at]!, scope);
  };
}

export const SCOPES: Record<string, ScopeOp> = {
  timeout: {
    run: (_scene, [delay], inside) => timeout(seconds(delay!), inside),
    enter: namedBy(1),
  },
  timeoutat: {
    run: (_scene, [when], inside) => timeoutAt(seconds(when!), inside),
    enter: namedBy(1),
  },
  group: {
    run: (_scene, _args, inside) => TaskGroup.run(inside),
    enter: namedBy(0),
  },
  with: {
    run: (scene, [name], inside) => scene.get(name!).with(inside),
    enter: () => {},
  },
  bwith: {
    run: (scene, [name], inside) => scene.get(name!).with(inside),
    enter: (scene, who, _args, index) => scene.log(who, `place ${show(index)}`),
  },
};
