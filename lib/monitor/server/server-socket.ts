/**
 * The monitor's socket. Only the user who runs the process can connect, but clients may still
 * misbehave, so their number is limited.
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
/** After how long a path that another monitor uses is tried again, in milliseconds. */
const RETRY_MS = 1_000;
/** How many files of the folder are checked for sockets of dead processes, at most. */
const SWEEP_MAX = 1_000;

export class MonitorServer {
  readonly #path: string;
  readonly #control: Int32Array;
  readonly #describe: (request: Request) => Promise<ProcessInfo>;
  /** In the order in which they connected. */
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
      // Any other error, such as a folder that was removed, may be temporary.
      if (error.code === 'EADDRINUSE') void this.#taken();
      else setTimeout(() => this.start(), RETRY_MS);
    });
    // Other users cannot enter the folder, so nobody can connect before the chmod.
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

  /**
   * The path is in use: by the monitor of another thread, or left behind by a dead process with the
   * same pid.
   */
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
      // The oldest idle client makes room.
      this.#clients.delete(idle);
      idle.close();
    }
    const client = new Client(socket, this.#describe);
    this.#clients.add(client);
    socket.on('close', () => this.#clients.delete(client));
  }

  /** Closes all connections; Node removes the socket's file. */
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
      // Any other error, such as EACCES or EAGAIN, does not show that nobody listens.
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT');
    });
  });
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was removed already, or it is not ours to remove.
  }
}

/** Removes the sockets of processes that were killed. */
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
    // The process may run in another container that shares this folder: then it answers.
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
