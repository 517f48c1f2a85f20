/** What of a program's exports is to be served. */
import type * as http from '../http.ts';
import { ProgramError } from './load-program.ts';

/** Options of `serve`. */
export type Served = http.ServeOptions & Partial<http.WorkerOptions>;

/** @throws ProgramError when it exports nothing that answers */
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

/** The application of another library is of a class, and its members are no options. */
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
