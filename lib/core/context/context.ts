/**
 * Context variables. A context is an immutable map, so that capturing one (each handle and task
 * does) is copying a pointer; `set` copies the map, which is small.
 */
import { describe } from '../support/describe.ts';
import { RuntimeError } from '../errors/errors.ts';
import { checkOptions } from '../support/options.ts';
import { captureValues, current, NO_VALUES, replaceValues, runningTask } from './running.ts';
import type { Values } from './running.ts';
import { showsText } from '../support/shows-text.ts';
import type { TaskCore } from '../contract/task-core.ts';

const UNSET: unique symbol = Symbol('unset');

/** Whose context it is: that of `Context.run`, of a task, or (null) of a callback or the module. */
type Owner = Context | TaskCore | null;

function currentOwner(): Owner {
  return (current.entered as Context | null) ?? runningTask();
}

/** A task without an explicit context owns its values itself; tasks may also share a context. */
function contextOf(owner: Owner): object | null {
  return owner === null || owner instanceof Context ? owner : (owner._extras?.context ?? owner);
}

/**
 * Returned by `ContextVar.set`; `reset` takes it to restore the earlier value.
 *
 * @example
 * const token = user.set('ada');
 * try { work(); } finally { user.reset(token); }
 */
export class Token<T> {
  readonly variable: ContextVar<T>;
  /** @internal */ readonly _before: T | typeof UNSET;
  /** @internal */ readonly _owner: Owner = currentOwner();
  /** @internal */ _used = false;

  /** @internal */
  constructor(variable: ContextVar<T>, before: T | typeof UNSET) {
    this.variable = variable;
    this._before = before;
  }

  toString(): string {
    return `<Token${this._used ? ' used' : ''} var=${this.variable}>`;
  }
}

/**
 * A variable whose value is separate in every task.
 *
 * @example
 * const user = new ContextVar('user', { default: 'nobody' });
 * user.set('ada');
 * user.get(); // 'ada', here and in the tasks made from here
 */
export class ContextVar<T> {
  readonly name: string;
  readonly #fallback: T | typeof UNSET;

  constructor(name: string, options: { default?: T } = {}) {
    if (typeof name !== 'string') throw new TypeError('ContextVar: the name must be a string');
    checkOptions('ContextVar', options, ['default']);
    this.name = name;
    this.#fallback = 'default' in options ? (options.default as T) : UNSET;
  }

  /**
   * The value in the current context; else `fallback` if given, else the variable's default.
   * @throws ReferenceError when there is neither a value nor a default
   */
  get(...fallback: [T?]): T {
    const values = captureValues();
    if (values.has(this)) return values.get(this) as T;
    if (fallback.length > 0) return fallback[0] as T;
    if (this.#fallback !== UNSET) return this.#fallback;
    throw new ReferenceError(`the context variable ${JSON.stringify(this.name)} is not set`);
  }

  toString(): string {
    return `<ContextVar name='${this.name}'>`;
  }

  /** Sets the value in the current context. */
  set(value: T): Token<T> {
    const values = captureValues();
    const token = new Token(this, values.has(this) ? (values.get(this) as T) : UNSET);
    replaceValues(new Map(values).set(this, value));
    return token;
  }

  /**
   * Restores the value from before the `set` that returned the token.
   * @throws RuntimeError when the token was used before; RangeError when it belongs to another
   *   variable, task or context; TypeError when it is no token
   */
  reset(token: Token<T>): void {
    if (!(token instanceof Token)) throw new TypeError('reset() takes what set() gave');
    if (token.variable !== this) throw new RangeError('the token is of another ContextVar');
    if (token._used) throw new RuntimeError('the token has already been used once');
    if (contextOf(token._owner) !== contextOf(currentOwner())) {
      throw new RangeError('the token was created in a different Context');
    }
    token._used = true;
    const values = new Map(captureValues());
    if (token._before === UNSET) values.delete(this);
    else values.set(this, token._before);
    replaceValues(values);
  }
}

/**
 * A set of values of context variables that code can be run in.
 *
 * @example
 * const context = copyContext();
 * context.run(() => loop.callSoon(callback)); // the callback runs in it
 */
export class Context {
  /** @internal */ _values: Values;
  #entered = false;

  /** @internal */
  constructor(values: Values = NO_VALUES) {
    this._values = values;
  }

  /**
   * Calls `body` in this context; what it sets stays in the context.
   * @throws RuntimeError when this context is already entered: inside its own `run`, or in a task
   *   that runs in it
   */
  run<A extends unknown[], T>(body: (...args: A) => T, ...args: A): T {
    if (this.#entered || runningTask()?._extras?.context === this) {
      throw new RuntimeError('cannot enter context: it is already entered');
    }
    const before = captureValues();
    const { entered } = current;
    replaceValues(this._values);
    current.entered = this;
    this.#entered = true;
    try {
      return body(...args);
    } finally {
      this.#entered = false;
      current.entered = entered;
      this._values = captureValues();
      replaceValues(before);
    }
  }

  /** A new context with the same values. */
  copy(): Context {
    return new Context(this._values);
  }

  get<T>(variable: ContextVar<T>): T | undefined {
    return this._values.get(variable) as T | undefined;
  }

  has(variable: ContextVar<any>): boolean {
    return this._values.has(variable);
  }

  toString(): string {
    const { size } = this._values;
    return `<Context of ${size} ${size === 1 ? 'variable' : 'variables'}>`;
  }
}

/** @throws TypeError for anything but a context */
export function checkContext(context: unknown): void {
  if (!(context instanceof Context)) {
    throw new TypeError(`context: ${describe(context)} is not a Context`);
  }
}

/**
 * A copy of the current context. Setting a variable in the copy does not affect the original.
 *
 * @example
 * const context = copyContext();
 * context.run(() => user.set('ada')); // the current context is unchanged
 */
export function copyContext(): Context {
  return new Context(captureValues());
}

showsText(Context, ContextVar, Token);
