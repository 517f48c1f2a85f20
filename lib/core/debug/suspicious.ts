/** Durations that look like milliseconds where seconds are meant. */
import { captureStack, frameText, functionsCalled, userFrames } from './frames.ts';
import { runningLoop } from '../context/running.ts';

/** Places that have been warned of; more than so many are no help to anybody. */
const warned = new Set<string>();
const WARNED_MAX = 1000;

const HALF_HOUR = 1800;
const DAY = 86_400;

/**
 * Whether this number looks like milliseconds. 3600 seconds are an hour,
 * and 5000 seconds are nothing in particular, but 5000 milliseconds are. So: round in milliseconds
 * (a multiple of 500) and not round in seconds (half hours, and from ten days on days); and from a
 * hundred days on whatever it is.
 */
export function looksLikeMilliseconds(seconds: number): boolean {
  if (!(seconds >= 1000) || seconds === Infinity) return false;
  if (seconds >= 100 * DAY) return true;
  return seconds % 500 === 0 && seconds % (seconds < 10 * DAY ? HALF_HOUR : DAY) !== 0;
}

/**
 * Debug mode: warns once for each place that gives such a number.
 * @param below - the function of ours that was given it
 */
export function warnOfMilliseconds(seconds: number, below: Function): void {
  const loop = runningLoop();
  // Outside of any loop nobody knows whose duration it is, and the loop may not be in debug mode.
  if (loop === null || !loop._debug || !looksLikeMilliseconds(seconds)) return;
  const stack = captureStack(below, 40);
  const calls = functionsCalled(stack);
  const call = calls.at(-1) ?? '';
  // A call of ours that hands its seconds on to a timer was given them in another form, perhaps.
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
