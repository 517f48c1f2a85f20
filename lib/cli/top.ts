/** `oxbow top`: a live view of a running process. */
import { setTimeout as delay } from 'node:timers/promises';

import { toSeconds } from '../core/support/duration.ts';
import type { ProcessInfo } from '../monitor/server/protocol.ts';
import { ask, AttachError } from './attach.ts';
import { FullScreen } from './full-screen.ts';
import { COMMON_HELP, lookCommand, UsageError } from './look-command.ts';
import type { Looking, Screen } from './look-command.ts';
import { print, watchOutput } from './output.ts';
import { topLines } from './top-lines.ts';
import { cutRight, widthOf } from './text.ts';

const HELP = `Usage: oxbow top [options] [PID]

Shows what a running process does: how busy its loops are, how late timers come,
how long callbacks take and which took longest. Figures are of the time since
the frame before; those of the first frame, since the process began.

Options:
  --interval DURATION  between frames; seconds, or as '500ms' (default 1)
  -n, --count NUMBER   ends after so many frames
  --once               the same as -n 1
${COMMON_HELP}
On a terminal, q or Ctrl-C ends it.
`;

const OPTIONS = {
  interval: { type: 'string' },
  count: { type: 'string', short: 'n' },
  once: { type: 'boolean' },
} as const;

const SHORTEST = 0.05;

/** @returns the exit code */
export function topCommand(args: readonly string[]): Promise<number> {
  return lookCommand('top', HELP, OPTIONS, args, async (looking) => {
    const { values } = looking;
    const count = values['once'] === true ? 1 : parseCount(values['count']);
    const intervalMs = parseInterval(values['interval']) * 1000;
    const full = process.stdout.isTTY === true && count === Infinity && !looking.json;
    return full
      ? await showFullScreen(looking, intervalMs)
      : await printFrames(looking, intervalMs, count);
  });
}

function parseCount(value: unknown): number {
  if (value === undefined) return Infinity;
  const count = Number(value);
  if (/^\d+$/.test(String(value)) && count > 0) return count;
  throw new UsageError(`--count: '${String(value)}' is not a number of frames`);
}

function parseInterval(value: unknown): number {
  if (value === undefined) return 1;
  const text = String(value);
  const number = text.trim() === '' ? NaN : Number(text);
  let seconds: number;
  try {
    seconds = toSeconds(Number.isNaN(number) ? (text as '1s') : number, '--interval');
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (seconds >= SHORTEST && seconds <= 3600) return seconds;
  throw new UsageError(`--interval: '${text}' is not between 50ms and 1h`);
}

async function printFrames(
  { pid, json, screen }: Looking & { pid: number },
  intervalMs: number,
  count: number,
): Promise<number> {
  let before: ProcessInfo | null = null;
  for (let frame = 0; frame < count; frame++) {
    if (frame > 0) await delay(intervalMs);
    const info = await askAgain(pid, before);
    if (info === null) return 0;
    const lines = json ? [JSON.stringify(info)] : topLines(info, before, screen);
    // Frames are separated by an empty line.
    print(`${frame > 0 && !json ? '\n' : ''}${lines.join('\n')}\n`);
    before = info;
  }
  return 0;
}

async function showFullScreen(
  { pid, screen }: Looking & { pid: number },
  intervalMs: number,
): Promise<number> {
  let before: ProcessInfo | null = null;
  // The first request comes before the screen is switched, so that an error appears on the normal
  // screen.
  let info: ProcessInfo | null = await ask(pid, 'metrics');
  watchOutput();
  const terminal = new FullScreen();
  try {
    while (info !== null && !terminal.ended.signal.aborted) {
      const shown = info;
      const earlier = before;
      terminal.show(() => fitted(shown, earlier, screen));
      await delay(intervalMs, undefined, { signal: terminal.ended.signal }).catch(() => {});
      if (terminal.ended.signal.aborted) break;
      before = info;
      info = await askAgain(pid, info);
    }
  } finally {
    terminal.leave();
  }
  if (info === null) print(`process ${pid} has ended\n`);
  return 0;
}

/** The lines that fit the terminal's current size: it may have been resized. */
function fitted(info: ProcessInfo, before: ProcessInfo | null, screen: Screen): string[] {
  const { columns, rows } = process.stdout;
  const now = { ...screen, width: widthOf(columns, process.env) };
  return topLines(info, before, now)
    .slice(0, Math.max(1, (rows || 24) - 1))
    .map((line) => cutRight(line, columns || now.width, screen.style));
}

/** @returns null when the process has answered before and has now ended */
async function askAgain(pid: number, before: ProcessInfo | null): Promise<ProcessInfo | null> {
  try {
    return await ask(pid, 'metrics');
  } catch (error) {
    if (before === null || !(error instanceof AttachError) || isThere(pid)) throw error;
    return null;
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
