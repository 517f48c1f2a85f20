import type { MessagePort, Worker } from 'node:worker_threads';

import { RuntimeError } from '../../core/errors/errors.ts';
import { workerThreads } from '../../core/support/worker-threads.ts';
import { type Said, SHARE, type Share, type Told } from './share.ts';

/** Notified about a thread. Called from Node's event loop, outside a turn of ours. */
export interface ThreadOwner {
  _listens(thread: WorkerThread): void;
  /** @param error - the reason; also given when the thread ended normally */
  _ended(thread: WorkerThread, error: Error): void;
}

/** A thread that runs the program again. */
export class WorkerThread {
  /** Whether its server listens, or has listened. */
  listening = false;
  /** Whether its server was closed, on command or by the program itself. */
  left = false;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #gauge = new Int32Array(new SharedArrayBuffer(4));
  /** When it began to serve, in the main loop's time. */
  since: number = Infinity;

  /**
   * @param program - the file that it runs
   * @param descriptors - descriptors of sockets, which it duplicates before it listens
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
    // The port need not keep the process alive, since the thread does.
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

  /** How many connections its server has. */
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
