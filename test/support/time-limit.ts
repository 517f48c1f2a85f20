/**
 * Gives every test a limit, because the runner has none: a test that hangs must fail by name, not
 * hold up the whole run. `test(name, body, milliseconds)` sets another limit for one test, and
 * `test.each(table)(name, body, milliseconds)` for a table of them.
 */

import { unwatch, watch } from './watchdog.ts';

const LIMIT_MS = 30_000;

type Body = (...row: unknown[]) => unknown;
type Register = (name: string, body?: Body, limit?: number) => void;
type Each = (...table: unknown[]) => Register;

function limited(name: string, body: Body, limit: number): Body {
  return async (...row) => {
    let timer: NodeJS.Timeout | undefined;
    // The timer is the one that speaks, unless the test keeps it from firing.
    watch(name, 2 * limit);
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`"${name}" was not done after ${limit} ms`));
      }, limit);
    });
    try {
      await Promise.race([body(...row), late]);
    } finally {
      clearTimeout(timer);
      unwatch();
    }
  };
}

function wrapEach(each: Each): Each {
  return (...table) =>
    (name, body, limit = LIMIT_MS) => {
      each(...table)(name, body && limited(name, body, limit));
    };
}

function wrap(register: Register): Register {
  const wrapped: Register = (name, body, limit = LIMIT_MS) => {
    // A body with a parameter is of the callback style, which the runner handles itself.
    register(name, body && body.length === 0 ? limited(name, body, limit) : body);
  };
  const { each } = register as Register & { each?: Each };
  return Object.assign(wrapped, register, each ? { each: wrapEach(each) } : {});
}

const globals = globalThis as unknown as Record<'test' | 'it', Register & { only?: Register }>;
for (const name of ['test', 'it'] as const) {
  const { only } = globals[name];
  globals[name] = Object.assign(wrap(globals[name]), only ? { only: wrap(only) } : {});
}
