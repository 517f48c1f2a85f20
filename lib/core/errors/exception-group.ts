/** Several errors in one. */
import { describe } from '../support/describe.ts';
import { isA } from './errors.ts';

/** Selects errors of a group: a class, several classes, or a predicate. */
export type ErrorCondition = ErrorClass | readonly ErrorClass[] | ((error: unknown) => boolean);

/** A class of errors, abstract or with any constructor. */
export type ErrorClass = abstract new (...args: any[]) => Error;

/**
 * Several errors at once, as from a task group. Groups may be nested; `split` and `subgroup` keep
 * the nesting.
 *
 * @example
 * const [lost, rest] = group.split(ConnectionError);
 * if (rest !== null) throw rest;
 */
export class ExceptionGroup extends AggregateError {
  override name = 'ExceptionGroup';
  readonly #title: string;

  /**
   * @throws RangeError when there are no errors; TypeError for anything but an iterable of errors
   */
  constructor(message: string, errors: Iterable<unknown>, options?: ErrorOptions) {
    const list = listOf(errors);
    if (list.length === 0) throw new RangeError('ExceptionGroup: give at least one error');
    const count = `${list.length} sub-exception${list.length === 1 ? '' : 's'}`;
    super(list, `${message} (${count})`, options);
    this.#title = message;
  }

  /**
   * The part of the group that matches, with the same nesting; null when nothing matches. A nested
   * group that matches the condition itself is kept whole.
   * @throws TypeError when `condition` is not an ErrorCondition
   */
  subgroup(condition: ErrorCondition): ExceptionGroup | null {
    return this.#split(asPredicate(condition))[0];
  }

  /** The part that matches and the part that does not; null in place of an empty one. */
  split(condition: ErrorCondition): [ExceptionGroup | null, ExceptionGroup | null] {
    return this.#split(asPredicate(condition));
  }

  #split(matches: (error: unknown) => boolean): [ExceptionGroup | null, ExceptionGroup | null] {
    if (matches(this)) return [this, null];
    const taken: unknown[] = [];
    const left: unknown[] = [];
    for (const error of this.errors as unknown[]) {
      if (ExceptionGroup.#isGroup(error)) {
        const [inside, outside] = error.#split(matches);
        if (inside !== null) taken.push(inside);
        if (outside !== null) left.push(outside);
      } else if (matches(error)) taken.push(error);
      else left.push(error);
    }
    return [this.#part(taken), this.#part(left)];
  }

  /** Does not call into the error, which may be a Proxy that throws. */
  static #isGroup(error: unknown): error is ExceptionGroup {
    return typeof error === 'object' && error !== null && #title in error;
  }

  #part(errors: unknown[]): ExceptionGroup | null {
    if (errors.length === 0) return null;
    const part = new ExceptionGroup(
      this.#title,
      errors,
      'cause' in this ? { cause: this.cause } : undefined,
    );
    // It is the same failure, so it shows the same stack.
    if (this.stack !== undefined) part.stack = this.stack;
    return part;
  }
}

function listOf(errors: unknown): unknown[] {
  const iterable = errors as Partial<Iterable<unknown> & PromiseLike<unknown>> | null | undefined;
  // A future is iterable too, for `yield*`; a string would be split into characters.
  if (
    typeof errors === 'object' &&
    typeof iterable?.[Symbol.iterator] === 'function' &&
    typeof iterable.then !== 'function'
  )
    return [...(errors as Iterable<unknown>)];
  throw new TypeError(
    `ExceptionGroup: the errors must be an array or another iterable, got ${describe(errors)}`,
  );
}

function asPredicate(condition: ErrorCondition): (error: unknown) => boolean {
  if (Array.isArray(condition) && condition.every(isErrorClass)) {
    return (error) => condition.some((each: ErrorClass) => isA(error, each));
  }
  if (isErrorClass(condition)) return (error) => isA(error, condition);
  if (typeof condition === 'function') return condition as (error: unknown) => boolean;
  throw new TypeError('give a class of errors, an array of such, or a function of an error');
}

function isErrorClass(value: unknown): value is ErrorClass {
  return typeof value === 'function' && (value === Error || value.prototype instanceof Error);
}
