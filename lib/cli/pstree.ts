/** `oxbow pstree`: the tasks of a running process, by who waits for whom. */
import type { LoopInfo, ProcessInfo, TaskInfo } from '../monitor/server/protocol.ts';
import { ask } from './attach.ts';
import { loopHeading, place, processHeading, troubleLines } from './headings.ts';
import { COMMON_HELP, lookCommand } from './look-command.ts';
import type { Screen } from './look-command.ts';
import { print } from './output.ts';
import { columns, cutLeft, cutRight, drawable } from './text.ts';

const HELP = `Usage: oxbow pstree [options] [PID]

Shows the tasks of a running process as a tree: below a task stand the lines of
its coroutines, the outermost first, and then the tasks that it waits for.

Options:
${COMMON_HELP}`;

/** @returns the exit code */
export function pstreeCommand(args: readonly string[]): Promise<number> {
  return lookCommand('pstree', HELP, {}, args, async ({ pid, json, screen }) => {
    const info = await ask(pid, 'snapshot');
    print(json ? `${JSON.stringify(info)}\n` : `${pstreeLines(info, screen).join('\n')}\n`);
    return 0;
  });
}

/** What `oxbow pstree` prints. */
export function pstreeLines(info: ProcessInfo, screen: Screen): string[] {
  return [
    processHeading(info, screen),
    ...info.threads.flatMap((thread) => [
      ...troubleLines(thread, screen),
      ...thread.loops.flatMap((loop) => [
        '',
        loopHeading(loop, thread, screen),
        ...new Tree(loop, screen).lines(),
      ]),
    ]),
  ];
}

/** The minimum number of columns for text, however deep a task is nested. */
const TEXT_MIN = 36;

/**
 * The tasks of a loop as a tree. Each task is shown in full once, and only by name where it occurs
 * again.
 */
class Tree {
  readonly #loop: LoopInfo;
  readonly #screen: Screen;
  readonly #deepest: number;
  readonly #children: Map<number, TaskInfo[]> = new Map();
  readonly #path: Set<TaskInfo> = new Set();
  readonly #shown: Set<TaskInfo> = new Set();
  /** Tasks that were nested too deep and are shown as further roots. */
  readonly #later: TaskInfo[] = [];
  readonly #lines: string[] = [];

  constructor(loop: LoopInfo, screen: Screen) {
    this.#loop = loop;
    this.#screen = screen;
    this.#deepest = Math.max(1, Math.floor((screen.width - TEXT_MIN) / 4));
    for (const task of loop.tasks) {
      for (const awaiter of task.awaitedBy) {
        const children = this.#children.get(awaiter);
        if (children === undefined) this.#children.set(awaiter, [task]);
        else children.push(task);
      }
    }
  }

  lines(): string[] {
    const { tasks, taskCount } = this.#loop;
    const listed = new Set(tasks.map(({ id }) => id));
    const roots = tasks.filter(({ awaitedBy }) => !awaitedBy.some((id) => listed.has(id)));
    this.#roots(roots);
    // Tasks that no root leads to wait for each other in a circle.
    for (const task of tasks) {
      if (!this.#shown.has(task)) this.#roots([task]);
    }
    if (taskCount > tasks.length) this.#lines.push(`and ${taskCount - tasks.length} newer tasks`);
    return this.#lines;
  }

  #roots(roots: readonly TaskInfo[]): void {
    roots.forEach((task, at) => this.#task(task, '', at === roots.length - 1, 0));
    // The list may grow while it is iterated.
    for (const task of this.#later) {
      if (!this.#shown.has(task)) this.#task(task, '', true, 0);
    }
    this.#later.length = 0;
  }

  #task(task: TaskInfo, indent: string, last: boolean, depth: number): void {
    const { style } = this.#screen;
    const named = task.name === `Task-${task.id}` ? '' : ` #${task.id}`;
    const name = `${drawable(task.name, style)}${named}`;
    const head = indent + (last ? style.last : style.branch);
    if (this.#path.has(task)) return this.#put(head, `${name} (waits for itself: a circle)`);
    if (this.#shown.has(task)) return this.#put(head, `${name} (see above)`);
    if (depth >= this.#deepest) {
      this.#later.push(task);
      return this.#put(head, `${name} (see below)`);
    }
    this.#shown.add(task);
    this.#path.add(task);
    this.#put(
      head,
      `${name} (${task.state}${task.waitsFor === '' ? '' : `: ${drawable(task.waitsFor, style)}`})`,
    );
    const below = indent + (last ? '    ' : style.pass);
    const children = this.#children.get(task.id) ?? [];
    const bar = children.length > 0 ? style.pass : '    ';
    for (const frame of [...task.frames].reverse()) {
      this.#put(below + bar, place(frame, style), true);
    }
    children.forEach((child, at) => {
      this.#task(child, below, at === children.length - 1, depth + 1);
    });
    this.#path.delete(task);
  }

  #put(indent: string, text: string, keepEnd = false): void {
    const { width, style } = this.#screen;
    const cut = keepEnd ? cutLeft : cutRight;
    this.#lines.push(indent + cut(text, Math.max(1, width - columns(indent)), style));
  }
}
