/** The loop of the prompt: inputs are evaluated on it. */
import { CancelledError, Context, EventLoop, Task } from '../index.ts';

/** An input whose evaluation has not ended. */
interface Evaluation {
  task: Task<void> | null;
  interrupted: boolean;
  /** Ends the task. */
  end(): void;
}

/** Functions have names here, because the prompt recognises its own frames in a stack by them. */
export class ReplLoop extends EventLoop {
  /** One context for all inputs, so that context variables stay set. */
  readonly #context: Context = new Context();
  #current: Evaluation | null = null;
  #idle: (() => void) | null = null;

  /**
   * Runs `start` at once as the first step of a task: an input without `await` is done when this
   * returns, as the prompt expects. The task ends with `evaluated`.
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

  /** The prompt is shown again: the evaluation has ended, be it by an error or by Ctrl-C. */
  evaluated(): void {
    const evaluation = this.#current;
    this.#current = null;
    evaluation?.end();
    this.#idle?.();
  }

  /** Ctrl-C: the prompt stops waiting; cancels the task of the input, so that it can clean up. */
  interrupt(): void {
    const evaluation = this.#current;
    if (evaluation === null) return;
    evaluation.interrupted = true;
    evaluation.task?.cancel();
  }

  /** Waits until no input is being evaluated. */
  idle(): Promise<void> {
    if (this.#current === null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }
}
