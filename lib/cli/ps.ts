/** `oxbow ps`: the tasks of a running process. */
import type { LoopInfo, ProcessInfo, TaskInfo } from '../monitor/server/protocol.ts';
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

Lists the tasks of a running process: what each waits for (or 'ready', 'running'
and so on), where, and which tasks wait for it. Lines are cut where a terminal
ends, or where COLUMNS says, and nowhere else.

Options:
${COMMON_HELP}`;

const COLUMNS: readonly Column[] = [
  { title: 'ID', least: 2, right: true },
  { title: 'NAME', least: 10 },
  { title: 'STATE', least: 9 },
  { title: 'WHERE', least: 24, keepEnd: true },
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
        '',
        loopHeading(loop, thread, screen),
        ...taskLines(loop, screen),
      ]),
    ]),
  ];
}

function taskLines(loop: LoopInfo, { width, style }: Screen): string[] {
  const { tasks, taskCount } = loop;
  if (taskCount === 0) return [];
  const lines = table(
    COLUMNS,
    tasks.map((task) => taskRow(task, style)),
    width,
    style,
  );
  const left = taskCount - tasks.length;
  return left > 0 ? [...lines, cutRight(`and ${left} newer tasks`, width, style)] : lines;
}

/** What a task waits for is shown instead of the state 'waiting'. */
function doing({ state, waitsFor }: TaskInfo): string {
  if (waitsFor === '' || state === 'ready' || state === 'running') return state;
  return state === 'waiting' ? waitsFor : `${state}: ${waitsFor}`;
}

function taskRow(task: TaskInfo, style: Style): string[] {
  const frame = task.frames[0];
  return [
    String(task.id),
    drawable(task.name, style),
    drawable(doing(task), style),
    frame === undefined ? drawable(task.coroutine, style) : place(frame, style),
    task.awaitedBy.join(' '),
  ];
}
