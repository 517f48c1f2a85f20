/**
 * Returned by `ContextVar.set`; `reset` takes it to restore the earlier value.
 *
 * @example
 * const token = user.set('ada');
 * try { work(); } finally { user.reset(token); }
 */
export declare class Token<T> {
    readonly variable: ContextVar<T>;
    private constructor();
    toString(): string;
}
/**
 * A variable whose value is separate in every task.
 *
 * @example
 * const user = new ContextVar('user', { default: 'nobody' });
 * user.set('ada');
 * user.get(); // 'ada', here and in the tasks made from here
 */
export declare class ContextVar<T> {
    #private;
    readonly name: string;
    constructor(name: string, options?: {
        default?: T;
    });
    /**
     * The value in the current context; else `fallback` if given, else the variable's default.
     * @throws ReferenceError when there is neither a value nor a default
     */
    get(...fallback: [T?]): T;
    toString(): string;
    /** Sets the value in the current context. */
    set(value: T): Token<T>;
    /**
     * Restores the value from before the `set` that returned the token.
     * @throws RuntimeError when the token was used before; RangeError when it belongs to another
     *   variable, task or context; TypeError when it is no token
     */
    reset(token: Token<T>): void;
}
/**
 * A set of values of context variables that code can be run in.
 *
 * @example
 * const context = copyContext();
 * context.run(() => loop.callSoon(callback)); // the callback runs in it
 */
export declare class Context {
    #private;
    private constructor();
    /**
     * Calls `body` in this context; what it sets stays in the context.
     * @throws RuntimeError when this context is already entered: inside its own `run`, or in a task
     *   that runs in it
     */
    run<A extends unknown[], T>(body: (...args: A) => T, ...args: A): T;
    /** A new context with the same values. */
    copy(): Context;
    get<T>(variable: ContextVar<T>): T | undefined;
    has(variable: ContextVar<any>): boolean;
    toString(): string;
}
/**
 * A copy of the current context. Setting a variable in the copy does not affect the original.
 *
 * @example
 * const context = copyContext();
 * context.run(() => user.set('ada')); // the current context is unchanged
 */
export declare function copyContext(): Context;
