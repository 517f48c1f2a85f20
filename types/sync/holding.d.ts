/** `with` of the things that are acquired and released. */
import type { Yieldable } from '../core/types.ts';
import { ScopeRun } from '../tasks/scope.ts';
import type { ScopeBody } from '../tasks/scope.ts';
interface Holdable {
    acquire(): {
        [Symbol.iterator](): Iterator<Yieldable, unknown, unknown>;
    };
    release(): void;
}
/** Runs a body between `acquire` and `release`. */
export declare function holding<H extends Holdable, T>(where: string, thing: H, body: ScopeBody<H, T>): ScopeRun<T>;
export {};
