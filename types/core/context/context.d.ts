/**
 * What `ContextVar.set` gives; `reset` takes it to go back.
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
 * A variable with a value of its own in every task.
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
     * The value here; else `fallback`, else the variable's default.
     * @throws ReferenceError when there is neither a value nor a default
     */
    get(...fallback: [T?]): T;
    toString(): string;
    /** Sets the value in the current context. */
    set(value: T): Token<T>;
    /**
     * Puts back what stood before the `set` that gave the token.
     * @throws RuntimeError when the token was used before; RangeError when it is of another variable,
     *   or of another task or context
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
     * @throws RuntimeError inside of itself, and in a task that has this context
     */
    run<A extends unknown[], T>(body: (...args: A) => T, ...args: A): T;
    /** Another context with the same values. */
    copy(): Context;
    get<T>(variable: ContextVar<T>): T | undefined;
    has(variable: ContextVar<any>): boolean;
    toString(): string;
}
/**
 * A copy of the current context.
 *
 * @example
 * const context = copyContext();
 * context.run(() => user.set('ada')); // here it stays as it was
 */
export declare function copyContext(): Context;
