/** Waits of transports that send a file: few have one, so it is not a field of each transport. */
const waits: WeakMap<object, () => void> = new WeakMap();

/** Sets what to call when a transport has room, or has ended. */
export function waitForFile(transport: object, wake: () => void): void {
  waits.set(transport, wake);
}

/** Wakes the wait: there may be room. */
export function wakeFile(transport: object): void {
  const wake = waits.get(transport);
  waits.delete(transport);
  wake?.();
}
