/** Choosing which of a program's exports to serve. */
import type * as http from '../http.ts';
import { ProgramError } from './load-program.ts';

/** Options of `serve`. */
export type Served = http.ServeOptions & Partial<http.WorkerOptions>;

/**
 * The options for `serve` from a program's exports. @throws ProgramError when it exports nothing to
 *   serve
 */
export function servedBy(module: Record<string, unknown>, path: string): Served {
  const whole = module['default'];
  // What a CommonJS module exports is its default, with a default in it if a compiler made it.
  const inside = isObject(whole) ? whole['default'] : undefined;
  for (const each of [whole, inside, module]) {
    if (typeof each === 'function') return { fetch: each as http.Handler };
    if (isObject(each) && (typeof each['fetch'] === 'function' || isObject(each['routes']))) {
      return optionsIn(each);
    }
  }
  throw new ProgramError(
    `${path} has nothing to serve: its default export must be a function that answers requests, ` +
      "or an object with 'fetch' or 'routes'",
    1,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/**
 * The object's own options; for an instance of a class, an application of another library, only its
 * `fetch`.
 */
function optionsIn(served: Record<string, unknown>): Served {
  const prototype: unknown = Object.getPrototypeOf(served);
  if (prototype !== Object.prototype && prototype !== null) {
    const { fetch } = served as { fetch: http.WebHandler };
    const bound = (...args: unknown[]): unknown => Reflect.apply(fetch, served, args);
    return { fetch: bound as http.Handler };
  }
  const { default: _, ...options } = served;
  return options as unknown as Served;
}
