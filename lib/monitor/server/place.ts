/**
 * The path of a monitor's socket. Anyone who can write to its folder could replace the socket by
 * their own, or by a link. So the folder must be writable only by the user of this process, or it
 * is not used.
 */
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** The longest path of a Unix socket in bytes, without the terminating zero. */
const SOCKET_PATH_MAX = process.platform === 'linux' ? 107 : 103;

type Environment = Readonly<Record<string, string | undefined>>;

/** The folders in which a user's sockets may be, preferred one first. */
export function socketFolders(uid: number, environment: Environment = process.env): string[] {
  const runtime = environment['XDG_RUNTIME_DIR'];
  const { tmpdir } = process.getBuiltinModule('node:os');
  const folders = [join(tmpdir(), `oxbow-${uid}`)];
  if (runtime !== undefined && isAbsolute(runtime)) folders.unshift(join(runtime, 'oxbow'));
  return folders;
}

/** The socket of a process in a folder. */
export function socketPath(folder: string, pid: number): string {
  return join(folder, `${pid}.sock`);
}

/** The process id in a socket's file name, or null for any other name. */
export function pidOfSocket(name: string): number | null {
  const match = /^([1-9]\d{0,9})\.sock$/.exec(name);
  return match === null ? null : Number(match[1]);
}

/** The user id of this process; 0 on systems without user ids. */
export function ownUid(): number {
  return process.getuid?.() ?? 0;
}

/**
 * The path for the socket of this process. Its folder is created if needed.
 *
 * @throws Error with code `ERR_OXBOW_MONITOR` when there is no folder that can be trusted
 */
export function prepareSocketPath(): string {
  const complaints: string[] = [];
  for (const folder of socketFolders(ownUid())) {
    const path = socketPath(folder, process.pid);
    const complaint =
      Buffer.byteLength(path) > SOCKET_PATH_MAX
        ? `${folder}: too long for a socket's path`
        : prepareFolder(folder);
    if (complaint === null) return path;
    complaints.push(complaint);
    // A folder that someone may have tampered with is reported, and no other is tried.
    if (!complaint.endsWith(NOT_THERE) && !complaint.includes('too long')) break;
  }
  throw Object.assign(
    new Error(`oxbow: no place for the monitor's socket: ${complaints.join('; ')}`),
    { code: 'ERR_OXBOW_MONITOR' },
  );
}

const NOT_THERE = 'cannot be made';

/**
 * Creates the folder if needed, and makes it private.
 * @returns what is wrong with it, or null
 */
function prepareFolder(folder: string): string | null {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') return `${folder} ${NOT_THERE}`;
  }
  let stats: Stats;
  try {
    stats = lstatSync(folder);
  } catch {
    return `${folder} ${NOT_THERE}`;
  }
  const complaint = distrust(folder, stats, ownUid());
  if (complaint !== null) return complaint;
  try {
    // Safe: it is ours, and no one else could have written to it.
    if ((stats.mode & 0o077) !== 0) chmodSync(folder, 0o700);
  } catch {
    return `${folder} ${NOT_THERE} private`;
  }
  return null;
}

/** Why a folder cannot be trusted to hold sockets, or null. */
export function distrust(
  folder: string,
  stats: Pick<Stats, 'uid' | 'mode' | 'isDirectory'>,
  uid: number,
): string | null {
  if (!stats.isDirectory()) return `${folder} is not a directory`;
  if (stats.uid !== uid) return `${folder} belongs to user ${stats.uid}, not to us (${uid})`;
  if ((stats.mode & 0o022) !== 0) {
    return `${folder} can be written by others (mode ${(stats.mode & 0o777).toString(8)})`;
  }
  return null;
}
