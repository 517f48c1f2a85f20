import { isA, KeyboardInterrupt } from '../core/errors/errors.ts';
import { captureValues, current, type Values } from '../core/context/running.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { describe } from '../core/support/describe.ts';
import { showsText } from '../core/support/shows-text.ts';
import { pipeTransport } from '../net/connect-pipe.ts';
import { ReadTransport, WriteTransport } from '../net/pipe-transport.ts';
import { Protocol } from '../net/protocol.ts';
import type { Transport } from '../net/transport.ts';
import { type Child, closePipes } from './child.ts';
import { signalNumber } from './options.ts';
import type { SubprocessProtocol } from './subprocess-protocol.ts';

/**
 * Creates the protocol of the pipe `fd`; null for the default, which calls the SubprocessProtocol.
 */
export type PipeProtocols = (fd: number) => Protocol | null;

/** The protocol of one pipe of a child. */
class PipeProtocol extends Protocol {
  readonly #owner: SubprocessTransport;
  readonly #fd: number;

  constructor(owner: SubprocessTransport, fd: number) {
    super();
    this.#owner = owner;
    this.#fd = fd;
  }

  override dataReceived(data: Buffer): void {
    this.#owner._tell('pipeDataReceived', this.#fd, data);
  }

  override connectionLost(error: unknown): void {
    this.#owner._pipeLost(this.#fd, error);
  }

  override pauseWriting(): void {
    this.#owner._tell('pauseWriting');
  }

  override resumeWriting(): void {
    this.#owner._tell('resumeWriting');
  }
}

/** Makes a protocol that receives the bytes itself also report the loss of its pipe. */
function watched(owner: SubprocessTransport, fd: number, protocol: Protocol): Protocol {
  const lost = protocol.connectionLost;
  protocol.connectionLost = (error) => {
    lost.call(protocol, error);
    owner._pipeLost(fd, error);
  };
  return protocol;
}

/**
 * The transport of a child: its pid, its pipes, signals to it. Created by `loop.subprocessExec` and
 * `loop.subprocessShell`, never with `new`.
 */
export class SubprocessTransport {
  readonly #loop: EventLoop;
  readonly #child: Child;
  readonly #pipes: Map<number, Transport> = new Map();
  readonly #values: Values = captureValues();
  #protocol: SubprocessProtocol;
  #closed = false;
  #lost = false;
  #open = 0;
  #error: unknown = null;

  /** @internal */
  constructor(
    loop: EventLoop,
    child: Child,
    protocol: SubprocessProtocol,
    pipeProtocols: PipeProtocols = () => null,
  ) {
    this.#loop = loop;
    this.#protocol = protocol;
    this.#child = child;
    this.#child.onExit = () => this.#exited();
    this.#takePipes(pipeProtocols);
  }

  #takePipes(pipeProtocols: PipeProtocols): void {
    const left = [...this.#child.pipes];
    try {
      for (const [fd, pipe] of this.#child.pipes.entries()) {
        if (pipe < 0) continue;
        const given = pipeProtocols(fd);
        const protocol = given === null ? new PipeProtocol(this, fd) : watched(this, fd, given);
        const Kind: typeof ReadTransport | typeof WriteTransport =
          fd === 0 ? WriteTransport : ReadTransport;
        this.#pipes.set(
          fd,
          pipeTransport<Transport & ReadTransport>(
            this.#loop,
            Kind as typeof ReadTransport,
            pipe,
            protocol,
          ),
        );
        left[fd] = -1;
        this.#open++;
      }
    } catch (error) {
      for (const transport of this.#pipes.values()) transport._open();
      closePipes(this.#loop, left);
      this.close();
      throw error;
    }
  }

  /** @internal Calls `connectionMade`, and then starts the pipes. */
  _begin(): void {
    current.values = this.#values;
    try {
      this.#protocol.connectionMade(this);
    } finally {
      for (const transport of this.#pipes.values()) transport._open();
    }
  }

  #exited(): void {
    this._tell('processExited');
    this.#endWhenDone();
  }

  /** @internal */
  _pipeLost(fd: number, error: unknown): void {
    this.#open--;
    this.#error ??= error;
    this._tell('pipeConnectionLost', fd, error);
    this.#endWhenDone();
  }

  #endWhenDone(): void {
    if (this.#child.returncode === null || this.#open > 0 || this.#lost) return;
    this.#lost = true;
    this.#closed = true;
    this._tell('connectionLost', this.#error);
  }

  /** @internal Calls a method of the protocol; an error goes to the loop's exception handler. */
  _tell<M extends keyof SubprocessProtocol>(
    method: M,
    ...args: Parameters<SubprocessProtocol[M]>
  ): void {
    current.values = this.#values;
    const protocol = this.#protocol;
    try {
      (protocol[method] as (...args: unknown[]) => void)(...args);
    } catch (exception) {
      if (isA(exception, KeyboardInterrupt)) throw exception;
      const message = `protocol.${method}() failed`;
      this.#loop.callExceptionHandler({ message, exception, transport: this, protocol });
    }
  }

  /** The child's process id. */
  getPid(): number {
    return this.#child.pid;
  }

  /** Null while it runs; then the exit code, or minus the number of the signal that ended it. */
  getReturncode(): number | null {
    return this.#child.returncode;
  }

  /**
   * The transport of a pipe; null where the child has no pipe. @param fd - 0, 1 or 2: the
   * descriptor in the child
   */
  getPipeTransport(fd: number): Transport | null {
    return this.#pipes.get(fd) ?? null;
  }

  /**
   * Information by name: `'pid'`; `'stdin'`, `'stdout'`, `'stderr'` (the transports of the pipes).
   * @returns `fallback` for any other name, or where there is no pipe
   */
  getExtraInfo(name: string, fallback: unknown = null): unknown {
    if (name === 'pid') return this.#child.pid;
    return this.#pipes.get(['stdin', 'stdout', 'stderr'].indexOf(name)) ?? fallback;
  }

  /** The current protocol. */
  getProtocol(): SubprocessProtocol {
    return this.#protocol;
  }

  /**
   * Sends the events to another protocol from now on; its `connectionMade` is not called. @throws
   * TypeError when it is not a SubprocessProtocol
   */
  setProtocol(protocol: SubprocessProtocol): void {
    checkSubprocessProtocol(protocol);
    this.#protocol = protocol;
  }

  /**
   * Sends a signal, by name or number. @returns false when the child has already ended
   * @throws RangeError for a name or number that this system does not have; TypeError when it is
   *   neither; an error with code `EPERM` when the child now runs as another user
   */
  sendSignal(signal: NodeJS.Signals | number): boolean {
    return this.#child.signal(signalNumber('sendSignal()', signal));
  }

  /** Sends SIGTERM, which the child may handle or ignore. @returns as `sendSignal` */
  terminate(): boolean {
    return this.sendSignal('SIGTERM');
  }

  /** Sends SIGKILL, which ends the child. @returns as `sendSignal` */
  kill(): boolean {
    return this.sendSignal('SIGKILL');
  }

  /** Whether it is closed. */
  isClosing(): boolean {
    return this.#closed;
  }

  /** Closes the pipes and kills the child if it runs. `connectionLost` follows. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const transport of this.#pipes.values()) transport.abort();
    this.#child.signal(9);
  }

  toString(): string {
    const code = this.#child.returncode;
    const state = code === null ? 'running' : `returncode=${code}`;
    return `<SubprocessTransport pid=${this.#child.pid} ${state}>`;
  }
}

showsText(SubprocessTransport);

/** @throws TypeError when `protocol` lacks the methods of a SubprocessProtocol */
export function checkSubprocessProtocol(protocol: unknown): void {
  const candidate = protocol as Partial<SubprocessProtocol> | null | undefined;
  const methods = [
    'connectionMade',
    'connectionLost',
    'pipeDataReceived',
    'processExited',
  ] as const;
  if (methods.every((each) => typeof candidate?.[each] === 'function')) return;
  throw new TypeError(
    `a protocol of a child must have ${methods.join('(), ')}(), as SubprocessProtocol has; got ` +
      describe(protocol),
  );
}
