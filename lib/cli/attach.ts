/** Connecting to the monitor of a process and sending it requests. */
import { lstatSync, readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';

import {
  distrust,
  ownUid,
  pidOfSocket,
  socketFolders,
  socketPath,
} from '../monitor/server/place.ts';
import { PROTOCOL_VERSION } from '../monitor/server/protocol.ts';
import type { ProcessInfo, Request } from '../monitor/server/protocol.ts';

/**
 * The time limit for an answer, in milliseconds; longer than the monitor waits for a blocked
 * thread.
 */
const ANSWER_MS = 5_000;
const ANSWER_BYTES_MAX = 256 * 1024 * 1024;

/** An error with a message for the user of the command. */
export class AttachError extends Error {}

/** Sends a request to the monitor of a process. @throws AttachError */
export async function ask(pid: number, command: Request['command']): Promise<ProcessInfo> {
  return parse(pid, await exchange(pid, findSocket(pid), command));
}

/** The processes of this user whose monitor answers. */
export async function attachable(): Promise<ProcessInfo[]> {
  const pids = new Set(socketFolders(ownUid()).flatMap(pidsIn));
  const answers = await Promise.allSettled([...pids].map((pid) => ask(pid, 'metrics')));
  return answers
    .flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
    .sort((a, b) => a.pid - b.pid);
}

function pidsIn(folder: string): number[] {
  try {
    return readdirSync(folder)
      .map(pidOfSocket)
      .filter((pid) => pid !== null);
  } catch {
    return [];
  }
}

function findSocket(pid: number): string {
  const uid = userOf(pid);
  const folders = [...socketFolders(uid), `/run/user/${uid}/oxbow`];
  for (const folder of new Set(folders)) {
    const path = socketPath(folder, pid);
    try {
      if (!lstatSync(path).isSocket()) continue;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EACCES') throw forbidden(pid);
      continue;
    }
    const complaint = distrust(folder, lstatSync(dirname(path)), uid);
    if (complaint !== null) throw new AttachError(`${join(path)} is not trusted: ${complaint}`);
    return path;
  }
  throw noMonitor(pid);
}

/** The user id of a process. @throws AttachError when there is no such process */
function userOf(pid: number): number {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') {
      throw new AttachError(`there is no process ${pid}`);
    }
  }
  try {
    return statSync(`/proc/${pid}`).uid;
  } catch {
    return ownUid();
  }
}

function noMonitor(pid: number): AttachError {
  return new AttachError(
    `process ${pid} has no monitor, or has made no loop yet; start it with OXBOW_MONITOR=1`,
  );
}

function forbidden(pid: number): AttachError {
  return new AttachError(`no permission to look at process ${pid}: it is another user's`);
}

function exchange(pid: number, path: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const pieces: Buffer[] = [];
    let length = 0;
    const give = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(ANSWER_MS, () =>
      give(
        new AttachError(
          `process ${pid} did not answer within ${ANSWER_MS / 1000} seconds; is it stopped?`,
        ),
      ),
    );
    socket.on('error', (error: NodeJS.ErrnoException) => give(explain(pid, error)));
    socket.on('close', () => give(new AttachError(`process ${pid} ended the connection`)));
    socket.on('data', (data: Buffer) => {
      pieces.push(data);
      length += data.length;
      if (length > ANSWER_BYTES_MAX) give(new AttachError(`process ${pid} says too much`));
      if (data.at(-1) !== 10) return;
      resolve(Buffer.concat(pieces).toString('utf8'));
      socket.destroy();
    });
    socket.write(`${JSON.stringify({ version: PROTOCOL_VERSION, id: 1, command })}\n`);
  });
}

function explain(pid: number, error: NodeJS.ErrnoException): AttachError {
  if (error.code === 'EACCES' || error.code === 'EPERM') return forbidden(pid);
  // A process that was killed leaves its socket behind, and its pid may be reused.
  if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') return noMonitor(pid);
  return new AttachError(`process ${pid} cannot be reached: ${error.message}`);
}

function parse(pid: number, text: string): ProcessInfo {
  let answer: { ok?: unknown; error?: unknown; version?: unknown; process?: unknown };
  try {
    answer = JSON.parse(text);
  } catch {
    throw new AttachError(`process ${pid} answered something else than JSON`);
  }
  if (answer.version !== PROTOCOL_VERSION) {
    throw new AttachError(
      `process ${pid} has another version of Oxbow, with which this one ` +
        'cannot talk; use the oxbow command of its own',
    );
  }
  const found = answer.process as ProcessInfo | undefined;
  if (answer.ok === true && Array.isArray(found?.threads)) return found;
  throw new AttachError(`process ${pid} refused: ${String(answer.error)}`);
}
