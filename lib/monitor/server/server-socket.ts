/**
 * The monitor's socket. Only the user who runs the process can connect, but a client may still be
 * broken, so there is a bound on how many there are.
 */
import { chmodSync, readdirSync, unlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { dirname, join } from 'node:path';

import { CONTROL_BOUND } from '../asks-and-answers.ts';
import { pidOfSocket } from './place.ts';
import type { ProcessInfo, Request } from './protocol.ts';
import { Client } from './server-client.ts';

const CONNECTIONS_MAX = 16;
/** How often a place that another monitor has is tried again. */
const RETRY_MS = 1_000;
/** Sockets of processes that died are removed, but a crowded folder is not all looked through. */
const SWEEP_MAX = 1_000;

export class MonitorServer {
  readonly #path: string;
  readonly #control: Int32Array;
  readonly #describe: (request: Request) => Promise<ProcessInfo>;
  /** In the order in which they came. */
  readonly #clients: Set<Client> = new Set();
  #server: Server | null = null;
  #closed = false;

  constructor(
    path: string,
    control: Int32Array,
    describe: (request: Request) => Promise<ProcessInfo>,
  ) {
    this.#path = path;
    this.#control = control;
    this.#describe = describe;
  }

  start(): void {
    if (this.#closed) return;
    const server = createServer((socket) => this.#welcome(socket));
    this.#server = server;
    server.on('error', (error: NodeJS.ErrnoException) => {
      // Otherwise the folder has gone, or the like; it may come back.
      if (error.code === 'EADDRINUSE') void this.#taken();
      else setTimeout(() => this.start(), RETRY_MS);
    });
    // The folder is closed to others already, so nobody can come in between.
    server.listen(this.#path, () => {
      try {
        chmodSync(this.#path, 0o600);
      } catch {
        this.close();
        return;
      }
      Atomics.store(this.#control, CONTROL_BOUND, 1);
      if (this.#closed) this.close();
      sweep(dirname(this.#path));
    });
  }

  /** Another thread's monitor has the place; or a process that had our pid and died. */
  async #taken(): Promise<void> {
    const alive = await answers(this.#path);
    if (!alive) remove(this.#path);
    setTimeout(() => this.start(), alive ? RETRY_MS : 50);
  }

  #welcome(socket: Socket): void {
    if (this.#clients.size >= CONNECTIONS_MAX) {
      const idle = [...this.#clients].find((client) => !client.busy);
      if (idle === undefined) {
        socket.destroy();
        return;
      }
      // The oldest client that says nothing makes room.
      this.#clients.delete(idle);
      idle.close();
    }
    const client = new Client(socket, this.#describe);
    this.#clients.add(client);
    socket.on('close', () => this.#clients.delete(client));
  }

  /** The socket's file goes with it. */
  close(): void {
    this.#closed = true;
    for (const client of this.#clients) client.close();
    this.#server?.close();
  }
}

/** Whether a process listens at a socket. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // Any other answer, such as "no permission" or "try again", says nothing about its owner.
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT');
    });
  });
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It has gone already, or it is not ours to remove.
  }
}

/** Removes what processes left behind that were killed. */
function sweep(folder: string): void {
  let names: string[];
  try {
    names = readdirSync(folder).slice(0, SWEEP_MAX);
  } catch {
    return;
  }
  for (const name of names) {
    const pid = pidOfSocket(name);
    if (pid === null || pid === process.pid || isAlive(pid)) continue;
    // The pid may be one of another container that has this folder too: then it answers.
    void answers(join(folder, name)).then((alive) => {
      if (!alive) remove(join(folder, name));
    });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
