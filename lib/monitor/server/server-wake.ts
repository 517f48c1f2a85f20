/** Waking loops that own their thread: while they wait, no MessagePort of Node's reaches them. */
import type { NativeAddon } from '../../native/binding.ts';
import { POST_HEADER_BYTES, POST_KIND, POST_KIND_NOTHING } from '../../native/layout.ts';
import { loadAddon } from '../../native/load.ts';

const post = Buffer.alloc(POST_HEADER_BYTES);
post.writeUInt32LE(POST_KIND_NOTHING, POST_KIND * 4);

let addon: NativeAddon | null | undefined;

/** Has each of these loops take a turn, if it is there and waits. */
export function wakeLoops(inboxes: readonly number[]): void {
  try {
    addon ??= loadAddon();
  } catch {
    // A binary that cannot be loaded a second time; then these loops are looked at otherwise.
    return;
  }
  for (const inbox of inboxes) addon.post(inbox, post, post.length);
}
