/** `oxbow ps`: the tasks of a running process. */
import type { LoopInfo, ProcessInfo, TaskInfo } from '../monitor/protocol.ts';
import { ask } from './attach.ts';
import { loopHeading, place, processHeading, troubleLines } from './headings.ts';
import { COMMON_HELP, lookCommand } from './look-command.ts';
import type { Screen } from './look-command.ts';
import { print } from './output.ts';
import { table } from './table.ts';
import type { Column } from './table.ts';
import { cutRight, drawable } from './text.ts';
import type { Style } from './text.ts';

const HELP = `Usage: oxbow ps [options] [PID]

Lists the tasks of a running process: where each waits, what for, and which
tasks wait for it.

Options:
${COMMON_HELP}`;

const COLUMNS: readonly Column[] = [
  { title: 'ID', least: 2, right: true },
  { title: 'NAME', least: 10 },
  { title: 'STATE', least: 7 },
  { title: 'WHERE', least: 24, keepEnd: true },
  { title: 'WAITS FOR', least: 9 },
  { title: 'AWAITED', least: 7 },
];

/** @returns the exit code */
export function psCommand(args: readonly string[]): Promise<number> {
  return lookCommand('ps', HELP, {}, args, async ({ pid, json, screen }) => {
    const info = await ask(pid, 'snapshot');
    print(json ? `${JSON.stringify(info)}\n` : `${psLines(info, screen).join('\n')}\n`);
    return 0;
  });
}

/** What `oxbow ps` prints. */
export function psLines(info: ProcessInfo, screen: Screen): string[] {
  return [
    processHeading(info, screen),
    ...info.threads.flatMap((thread) => [
      ...troubleLines(thread, screen),
      ...thread.loops.flatMap((loop) => [
        '', loopHeading(loop, thread, screen), ...taskLines(loop, screen),
      ]),
    ]),
  ];
}

function taskLines(loop: LoopInfo, { width, style }: Screen): string[] {
  const { tasks, taskCount } = loop;
  if (taskCount === 0) return [];
  const lines = table(COLUMNS, tasks.map((task) => taskRow(task, style)), width, style);
  const left = taskCount - tasks.length;
  return left > 0 ? [...lines, cutRight(`and ${left} newer tasks`, width, style)] : lines;
}

function taskRow(task: TaskInfo, style: Style): string[] {
  const frame = task.frames[0];
  return [
    String(task.id),
    cutRight(drawable(task.name, style), 40, style),
    task.state,
    frame === undefined ? drawable(task.coroutine, style) : place(frame, style),
    drawable(task.waitsFor, style),
    task.awaitedBy.join(' '),
  ];
}
