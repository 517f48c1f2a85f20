import {
  Protocol,
  type Coro,
  type Future,
  type Server,
  type Transport,
  getRunningLoop,
} from 'oxbow';

/** A protocol that writes down what it is told, and lets a test wait for its steps. */
export class Recorder extends Protocol {
  readonly events: string[] = [];
  readonly chunks: Buffer[] = [];
  readonly made: Future<Transport> = getRunningLoop().createFuture();
  readonly lost: Future<unknown> = getRunningLoop().createFuture();
  readonly ended: Future<void> = getRunningLoop().createFuture();
  transport!: Transport;
  keepOpen = false;
  #wanted: { size: number; future: Future<Buffer> } | null = null;

  override connectionMade(transport: Transport): void {
    this.transport = transport;
    this.events.push('made');
    this.made.setResult(transport);
  }

  override dataReceived(data: Buffer): void {
    this.chunks.push(data);
    if (this.events.at(-1) !== 'data') this.events.push('data');
    this.#check();
  }

  override eofReceived(): boolean {
    this.events.push('eof');
    this.ended.setResult(undefined);
    return this.keepOpen;
  }

  override pauseWriting(): void {
    this.events.push('pause');
  }

  override resumeWriting(): void {
    this.events.push('resume');
  }

  override connectionLost(error: unknown): void {
    this.events.push('lost');
    this.lost.setResult(error);
  }

  get received(): Buffer {
    return Buffer.concat(this.chunks);
  }

  /** Everything received, once it is at least `size` bytes. */
  atLeast(size: number): Future<Buffer> {
    const future = getRunningLoop().createFuture<Buffer>();
    this.#wanted = { size, future };
    this.#check();
    return future;
  }

  #check(): void {
    const size = this.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    if (this.#wanted === null || size < this.#wanted.size) return;
    this.#wanted.future.setResult(this.received);
    this.#wanted = null;
  }
}

/** The port of a server's first socket. */
export function portOf(server: Server): number {
  return server.sockets[0]!.getsockname()[1];
}

/** Turns of the loop until `condition` holds; a test that never gets there ends by its limit. */
export function* until(condition: () => boolean): Coro<void> {
  while (!condition()) yield;
}

/** What the loop's exception handler is told from now on. */
export function caught(): Array<{ message: string; exception?: unknown }> {
  const contexts: Array<{ message: string; exception?: unknown }> = [];
  getRunningLoop().setExceptionHandler((_loop, context) => void contexts.push(context));
  return contexts;
}

/** The error that a step throws. */
export function* failure(step: () => Coro<unknown>): Coro<any> {
  try {
    yield* step();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
