/** The headings above the tasks: the process, its threads, and why a thread does not answer. */
import type { Frame, LoopInfo, ProcessInfo, ThreadInfo } from '../monitor/server/protocol.ts';
import type { Screen } from './look-command.ts';
import { cutLeft, cutRight, drawable, duration, wrap } from './text.ts';
import type { Style } from './text.ts';

const STACK_MAX = 10;

export function processHeading(info: ProcessInfo, { width, style }: Screen): string {
  const start = `PID ${info.pid}  Node ${drawable(info.node, style).replace(/^v/, '')}  up ${duration(
    info.uptime,
    style,
  )}  `;
  return start + cutLeft(drawable(info.script, style), Math.max(10, width - start.length), style);
}

export function threadName({ thread }: ThreadInfo): string {
  return thread === 0 ? 'main thread' : `worker thread ${thread}`;
}

export function loopHeading(loop: LoopInfo, thread: ThreadInfo, { width, style }: Screen): string {
  const { id, driver, running, taskCount } = loop;
  return cutRight(
    `Loop ${id}  ${drawable(driver, style)}, ${threadName(thread)}, ${
      running ? 'running' : 'not running'
    }, ${taskCount} ${taskCount === 1 ? 'task' : 'tasks'}`,
    width,
    style,
  );
}

/** A place as `path:line in function`. */
export function place({ file, line, functionName }: Frame, style: Style): string {
  const name = drawable(functionName, style);
  // For an async function only its name may be known.
  if (file === '') return name;
  return `${drawable(file, style)}:${line}${name === '' ? '' : ` in ${name}`}`;
}

/** Why a thread does not answer, and its stack; no lines when it does answer. */
export function troubleLines(thread: ThreadInfo, { width, style }: Screen): string[] {
  if (thread.state === 'ok') return [];
  const what = `The ${threadName(thread)} ${explain(thread, style)}`;
  const stack = thread.stack
    .slice(0, STACK_MAX)
    .map((frame) => `  at ${cutLeft(place(frame, style), width - 5, style)}`);
  if (thread.stack.length > STACK_MAX) stack.push(`  and ${thread.stack.length - STACK_MAX} more`);
  const { age } = thread;
  const known =
    age === null
      ? 'It has never told its tasks.'
      : age > 0.5
        ? `What follows is ${duration(age, style)} old.`
        : null;
  return [
    ...wrap(what, width, style).map((line) => line.replaceAll('\u00a0', ' ')),
    ...stack,
    ...(known === null ? [] : wrap(known, width, style)),
  ];
}

function explain(thread: ThreadInfo, style: Style): string {
  // A number and its unit stay on one line.
  const since = duration(thread.callbackSeconds, style).replaceAll(' ', '\u00a0');
  const callback = drawable(thread.callback, style);
  const doing = thread.inCallback
    ? `it has been running ${callback} for ${since}`
    : callback === ''
      ? 'its loop has not run anything yet'
      : `its loop has run nothing for ${since}; the last was ${callback}`;
  switch (thread.state) {
    case 'busy':
      return `is busy with JavaScript and does not answer: ${doing}.`;
    case 'blocked':
      return `is blocked outside of JavaScript and does not answer: ${doing}.`;
    case 'debugger':
      return `is in the hands of a debugger: ${doing}.`;
    default:
      return `does not answer: ${doing}.`;
  }
}
