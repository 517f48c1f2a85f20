/** Wakes loops that own their thread: while such a loop waits, Node delivers no messages. */
import type { NativeAddon } from '../../native/binding.ts';
import { POST_HEADER_BYTES, POST_KIND, POST_KIND_NOTHING } from '../../native/layout.ts';
import { loadAddon } from '../../native/load.ts';

const post = Buffer.alloc(POST_HEADER_BYTES);
post.writeUInt32LE(POST_KIND_NOTHING, POST_KIND * 4);

let addon: NativeAddon | null | undefined;

/** Makes each of these loops take a turn, if it exists and is waiting. */
export function wakeLoops(inboxes: readonly number[]): void {
  try {
    addon ??= loadAddon();
  } catch {
    // The binary cannot be loaded in a second thread; the inspector is then used for such loops.
    return;
  }
  for (const inbox of inboxes) addon.post(inbox, post, post.length);
}
