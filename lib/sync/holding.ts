/** The implementation of `with` for primitives with `acquire` and `release`. */
import type { Coro, Yieldable } from '../core/support/types.ts';
import { checkBody, runBody, ScopeRun } from '../tasks/scope.ts';
import type { ScopeBody } from '../tasks/scope.ts';

interface Holdable {
  acquire(): { [Symbol.iterator](): Iterator<Yieldable, unknown, unknown> };
  release(): void;
}

/** Runs a body between `acquire` and `release`. */
export function holding<H extends Holdable, T>(
  where: string,
  thing: H,
  body: ScopeBody<H, T>,
): ScopeRun<T> {
  checkBody(where, body);
  return new ScopeRun(() => hold(where, thing, body));
}

function* hold<H extends Holdable, T>(where: string, thing: H, body: ScopeBody<H, T>): Coro<T> {
  yield* thing.acquire();
  try {
    return yield* runBody(where, body, thing);
  } finally {
    thing.release();
  }
}
