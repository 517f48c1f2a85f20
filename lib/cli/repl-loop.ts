/** The loop behind the prompt: what is typed runs on it. */
import { CancelledError, Context, EventLoop, Task } from '../index.ts';

/** An input that has not come to its end. */
interface Evaluation {
  task: Task<void> | null;
  interrupted: boolean;
  /** Ends the task. */
  end(): void;
}

/** Functions have names here, for by their frames the prompt knows where a stack is its own. */
export class ReplLoop extends EventLoop {
  /** One for all that is typed, so that context variables stay set. */
  readonly #context: Context = new Context();
  #current: Evaluation | null = null;
  #idle: (() => void) | null = null;

  /**
   * Runs `start` as the first step of a task, at once: what needs no `await` is done when this
   * returns, as the prompt expects of it. The task ends with `evaluated`.
   */
  evaluate(start: () => void): void {
    const evaluation: Evaluation = { task: null, interrupted: false, end() {} };
    this.#current = evaluation;
    const body = (): Promise<void> =>
      new Promise(function evaluating(resolve, reject) {
        evaluation.end = () => {
          if (evaluation.interrupted) reject(new CancelledError());
          else resolve();
        };
        start();
      });
    this.dispatching(() => {
      evaluation.task = new Task(body, { loop: this, context: this.#context, eagerStart: true });
      if (evaluation.interrupted) evaluation.task.cancel();
    });
  }

  /** The prompt is back: what was evaluated has ended, if it was by an error or by Ctrl-C. */
  evaluated(): void {
    const evaluation = this.#current;
    this.#current = null;
    evaluation?.end();
    this.#idle?.();
  }

  /** Ctrl-C: the prompt stops waiting, and what is waited for is to end too and to clean up. */
  interrupt(): void {
    const evaluation = this.#current;
    if (evaluation === null) return;
    evaluation.interrupted = true;
    evaluation.task?.cancel();
  }

  /** Waits until nothing is evaluated. */
  idle(): Promise<void> {
    if (this.#current === null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }
}
