/** Whether the main thread is using the CPU or waiting in the kernel. */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Longer than the kernel's tick, so that the CPU time of a thread that computes has grown. */
const LOOK_MS = 30;

/** @returns null where the system does not provide this (all but Linux) */
export async function mainThreadComputes(): Promise<boolean | null> {
  const before = await mainThreadUse();
  if (before === null) return null;
  await delay(LOOK_MS);
  const after = await mainThreadUse();
  if (after === null) return null;
  return before.running || after.running || after.ticks > before.ticks;
}

async function mainThreadUse(): Promise<{ running: boolean; ticks: number } | null> {
  if (process.platform !== 'linux') return null;
  try {
    // The main thread's id is the process id.
    const text = await readFile(`/proc/self/task/${process.pid}/stat`, 'latin1');
    // The second field, the name, may contain anything, so fields are counted from its closing
    // parenthesis.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { running: fields[0] === 'R', ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return null;
  }
}
