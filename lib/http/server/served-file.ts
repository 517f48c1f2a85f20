import type { BigIntStats } from 'node:fs';

import type { EventLoop } from '../../core/loop/event-loop.ts';
import { closeFile } from '../message/open-file.ts';
import type { HeldFile } from '../message/open-file.ts';

/** A regular file that is open, and what was true of it then. It is closed by its last holder. */
export class ServedFile implements HeldFile {
  readonly descriptor: number;
  readonly size: number;
  readonly modified: Date;
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
  /** The content coding that it is packed with, or null. */
  readonly coding: string | null;
  /** All of it, where that is kept in memory. */
  content: Buffer | null = null;
  readonly #loop: EventLoop;
  #holders = 1;

  /** Its maker holds it. */
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

  /** One more needs it. */
  hold(): void {
    this.#holders += 1;
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) closeFile(this.#loop, this.descriptor);
  }
}
