/** Fields behind a body, as they were received. */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { COMPLETION_CHUNK, COMPLETION_LENGTH, COMPLETION_OFFSET } from '../../native/layout.ts';
import { headChunk } from './head-chunk.ts';
import { Headers } from './headers.ts';
import { isTooLate } from './trailers.ts';

/** The lines of them that the end of a message brings; C++ has checked and bounded them. */
export function trailersAt(loop: EventLoop, words: Int32Array, at: number): string {
  const length = words[at + COMPLETION_LENGTH]!;
  if (length === 0) return '';
  const from = words[at + COMPLETION_OFFSET]!;
  const { bytes } = headChunk(loop._chunk(words[at + COMPLETION_CHUNK]!));
  return bytes.latin1Slice(from, from + length);
}

/** Those of them that may stand there: the others are dropped, as RFC 9110, 6.5.1 has it. */
export function readTrailers(lines: string): Headers {
  const fields = new Headers();
  for (const line of lines.split('\r\n')) {
    const name = line.slice(0, Math.max(line.indexOf(':'), 0));
    // No other white space than what surrounds a value is in one.
    const value = line.slice(name.length + 1).trim();
    if (name !== '' && !isTooLate(name.toLowerCase())) fields.append(name, value);
  }
  return fields;
}
