/** Durations that look like milliseconds where seconds are meant. */
import { captureStack, frameText, functionsCalled, userFrames } from './frames.ts';
import { runningLoop } from '../context/running.ts';

/** Places already warned about; beyond WARNED_MAX, further warnings help nobody. */
const warned = new Set<string>();
const WARNED_MAX = 1000;

const HALF_HOUR = 1800;
const DAY = 86_400;

/**
 * Whether this number looks like milliseconds. 3600 seconds is an hour and 5000 seconds is nothing
 * in particular, but 5000 milliseconds is a round number. So: a multiple of 500 that is not a
 * multiple of half an hour (from ten days on: of a day); and anything from a hundred days on.
 */
export function looksLikeMilliseconds(seconds: number): boolean {
  if (!(seconds >= 1000) || seconds === Infinity) return false;
  if (seconds >= 100 * DAY) return true;
  return seconds % 500 === 0 && seconds % (seconds < 10 * DAY ? HALF_HOUR : DAY) !== 0;
}

/**
 * Debug mode: warns once for each place that gives such a number.
 * @param below - our function that was called with it; frames above are left out
 */
export function warnOfMilliseconds(seconds: number, below: Function): void {
  const loop = runningLoop();
  // Outside any loop it is unknown which loop the duration is for, and whether that one debugs.
  if (loop === null || !loop._debug || !looksLikeMilliseconds(seconds)) return;
  const stack = captureStack(below, 40);
  const calls = functionsCalled(stack);
  const call = calls.at(-1) ?? '';
  // Our own calls that start a timer may have computed the seconds from something else.
  if (/callLater$/.test(calls[0] ?? '') && !/callLater$/.test(call)) return;
  const frame = userFrames(stack)[0];
  const place = frame === undefined ? '' : ` at ${frameText(frame)}`;
  if (warned.has(place) || warned.size >= WARNED_MAX) return;
  warned.add(place);
  loop._warn(
    `${call}(): ${seconds} is in seconds (${inWords(seconds)})${place}; write ` +
      `'${seconds}ms' for milliseconds, or '${seconds}s' if it is meant`,
  );
}

function inWords(seconds: number): string {
  if (seconds < 2 * 3600) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 2 * DAY
    ? `${Math.round(seconds / 3600)} hours`
    : `${Math.round(seconds / DAY)} days`;
}
