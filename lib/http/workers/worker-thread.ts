import type { MessagePort, Worker } from 'node:worker_threads';

import { RuntimeError } from '../../core/errors/errors.ts';
import { workerThreads } from '../../core/support/worker-threads.ts';
import { type Said, SHARE, type Share, type Told } from './share.ts';

/** The observer of a thread's life. It is called within Node's turn, not the loop's. */
export interface ThreadOwner {
  _listens(thread: WorkerThread): void;
  /** @param error - why: also of a thread that ended as it should */
  _ended(thread: WorkerThread, error: Error): void;
}

/** One thread that runs the program once more, up to its end. */
export class WorkerThread {
  /** Its server listens, or has done so. */
  listening = false;
  /** Its server was closed: by us, or by the program itself. */
  left = false;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #gauge = new Int32Array(new SharedArrayBuffer(4));
  /** The loop's time when it began to serve. */
  since: number = Infinity;

  /**
   * @param program - the file that runs in it
   * @param descriptors - of sockets; it makes copies of them before it listens
   */
  constructor(program: string, descriptors: readonly number[], owner: ThreadOwner) {
    const { MessageChannel, Worker } = workerThreads();
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const share: Share = { port: port2, descriptors, gauge: this.#gauge };
    this.#worker = new Worker(program, {
      argv: process.argv.slice(2),
      workerData: { [SHARE]: share },
      transferList: [port2],
    });
    port1.on('message', (said: Said) => {
      if (said === 'closed') {
        this.left = true;
        return;
      }
      this.listening = true;
      owner._listens(this);
    });
    // The thread itself keeps the process running.
    port1.unref();
    let error: Error | null = null;
    this.#worker.on('error', (thrown: unknown) => {
      error = thrown instanceof Error ? thrown : new RuntimeError(String(thrown));
    });
    this.#worker.on('exit', (code) => {
      port1.close();
      owner._ended(this, error ?? this.#whyItEnded(code));
    });
  }

  /** Connections that its server has. */
  get connections(): number {
    return Atomics.load(this.#gauge, 0);
  }

  tell(told: Told): void {
    this.#port.postMessage(told);
  }

  terminate(): void {
    void this.#worker.terminate();
  }

  #whyItEnded(code: number): Error {
    if (this.listening) return new RuntimeError(`the thread ended with exit code ${code}`);
    return new RuntimeError(
      'the program ended in its thread before serve({ workers }) listened there',
    );
  }
}
