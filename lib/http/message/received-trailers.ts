/** Received trailers. */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { COMPLETION_CHUNK, COMPLETION_LENGTH, COMPLETION_OFFSET } from '../../native/layout.ts';
import { headChunk } from './head-chunk.ts';
import { Headers } from './headers.ts';
import { isTooLate } from './trailers.ts';

/**
 * The lines of the trailers in the completion for the end of a message; C++ has checked and limited
 * them.
 */
export function trailersAt(loop: EventLoop, words: Int32Array, at: number): string {
  const length = words[at + COMPLETION_LENGTH]!;
  if (length === 0) return '';
  const from = words[at + COMPLETION_OFFSET]!;
  const { bytes } = headChunk(loop._chunk(words[at + COMPLETION_CHUNK]!));
  return bytes.latin1Slice(from, from + length);
}

/** The trailers that are allowed after a body; others are dropped (RFC 9110, 6.5.1). */
export function readTrailers(lines: string): Headers {
  const fields = new Headers();
  for (const line of lines.split('\r\n')) {
    const name = line.slice(0, Math.max(line.indexOf(':'), 0));
    // The parser allows no control characters in a value, so trim() removes only spaces and tabs.
    const value = line.slice(name.length + 1).trim();
    if (name !== '' && !isTooLate(name.toLowerCase())) fields.append(name, value);
  }
  return fields;
}
