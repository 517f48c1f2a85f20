/** Several errors in one. */
import { describe } from '../support/describe.ts';
import { isA } from './errors.ts';

/** What picks errors out of a group: a class, several classes, or a function that is asked. */
export type ErrorCondition = ErrorClass | readonly ErrorClass[] | ((error: unknown) => boolean);

/** A class of errors, abstract or with any constructor. */
export type ErrorClass = abstract new (...args: any[]) => Error;

/**
 * Several errors at once, of a task group for example. Groups may hold groups; `split` and
 * `subgroup` keep that shape.
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
   * The part of the group that matches, in groups as they were nested; null when nothing does. A
   * group that matches as a whole is taken whole.
   * @throws TypeError when the condition is not one
   */
  subgroup(condition: ErrorCondition): ExceptionGroup | null {
    return this.#split(asPredicate(condition))[0];
  }

  /** What matches, and what does not; null for the one that would be empty. */
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

  /** Asks the error nothing: one that fights back is no group. */
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
    // It is the same failure, so it tells the same place.
    if (this.stack !== undefined) part.stack = this.stack;
    return part;
  }
}

function listOf(errors: unknown): unknown[] {
  const iterable = errors as Partial<Iterable<unknown> & PromiseLike<unknown>> | null | undefined;
  // A future has an iterator too, for `yield*`; a text would be taken apart.
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
