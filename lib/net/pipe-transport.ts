import { RuntimeError } from '../core/errors/errors.ts';
import { showsText } from '../core/support/shows-text.ts';
import { stateOf, Transport } from './transport.ts';

/** How a pipe is given: a descriptor number, or an object that has one. */
export type Pipe = number | { readonly fd: number } | { fileno(): number };

/** Closes the caller's pipe object at the end. */
function closePipe(pipe: Pipe): void {
  const { close } = pipe as { close?: unknown };
  if (typeof pipe !== 'object' || typeof close !== 'function') return;
  try {
    const closing: unknown = close.call(pipe);
    if (closing instanceof Promise) closing.catch(() => {});
  } catch {
    // It was already closed.
  }
}

/**
 * The reading end of a pipe, or a terminal or socket used as one: a {@link Transport} that cannot
 * write. Created by `connectReadPipe`, never with `new`.
 */
export class ReadTransport extends Transport {
  _pipe: Pipe = -1;

  _setPipe(pipe: Pipe): void {
    this._pipe = pipe;
    (this._extra ??= new Map()).set('pipe', pipe);
  }

  /** At the end of input it closes, since there is no other direction. */
  override _ended(): void {
    super._ended();
    this.close();
  }

  override _onClosed(): void {
    super._onClosed();
    closePipe(this._pipe);
  }

  /** @throws RuntimeError always: this end is only read from */
  override write(): void {
    throw new RuntimeError('write(): a ReadTransport is only read from');
  }

  /** @throws RuntimeError always: this end is only read from */
  override writelines(): void {
    throw new RuntimeError('writelines(): a ReadTransport is only read from');
  }

  /** @throws RuntimeError always: this end is only read from */
  override writeEof(): void {
    throw new RuntimeError('writeEof(): a ReadTransport is only read from');
  }

  /** False: this end is only read from. */
  override canWriteEof(): boolean {
    return false;
  }

  override toString(): string {
    return `<ReadTransport ${stateOf(this)}>`;
  }
}

/**
 * The writing end of a pipe, or a terminal or socket used as one: a {@link Transport} that cannot
 * read. Created by `connectWritePipe`, never with `new`.
 *
 * It closes itself when the reading end is closed: with `connectionLost(null)` if everything was
 * sent, else with `connectionLost(error)` with code `EPIPE`.
 */
export class WriteTransport extends Transport {
  _pipe: Pipe = -1;

  _setPipe(pipe: Pipe): void {
    this._pipe = pipe;
    (this._extra ??= new Map()).set('pipe', pipe);
  }

  override _onEnd(): void {
    this.close();
  }

  override _onClosed(): void {
    super._onClosed();
    closePipe(this._pipe);
  }

  /** Closes it once everything written is sent, since there is no other direction. */
  override writeEof(): void {
    this.close();
  }

  /** False: nothing is read. */
  override isReading(): boolean {
    return false;
  }

  /** Does nothing. */
  override pauseReading(): void {}

  /** Does nothing. */
  override resumeReading(): void {}

  override toString(): string {
    return `<WriteTransport ${stateOf(this)}>`;
  }
}

showsText(ReadTransport);
showsText(WriteTransport);
