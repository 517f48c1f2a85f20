import type { BigIntStats } from 'node:fs';

import type { EventLoop } from '../../core/loop/event-loop.ts';
import { closeFile } from '../message/open-file.ts';
import type { HeldFile } from '../message/open-file.ts';

/** An open regular file, and its data when it was opened. Its last holder closes it. */
export class ServedFile implements HeldFile {
  readonly descriptor: number;
  readonly size: number;
  readonly modified: Date;
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
  /** The content coding of a precompressed file, or null. */
  readonly coding: string | null;
  /** The whole content, if it is kept in memory. */
  content: Buffer | null = null;
  readonly #loop: EventLoop;
  #holders = 1;

  /** The creator is its first holder. */
  constructor(loop: EventLoop, descriptor: number, status: BigIntStats, coding: string | null) {
    this.#loop = loop;
    this.descriptor = descriptor;
    this.size = Number(status.size);
    this.modified = status.mtime;
    this.modifiedNs = status.mtimeNs;
    this.changedNs = status.ctimeNs;
    this.coding = coding;
  }

  get isOpen(): boolean {
    return this.#holders > 0;
  }

  /** Adds a holder. */
  hold(): void {
    this.#holders += 1;
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) closeFile(this.#loop, this.descriptor);
  }
}
