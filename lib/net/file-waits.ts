/** Transports that send a file, and what waits for them: few, so it is no field of a transport. */
const waits: WeakMap<object, () => void> = new WeakMap();

/** Says whom to wake when a transport has room, or has ended. */
export function waitForFile(transport: object, wake: () => void): void {
  waits.set(transport, wake);
}

/** There may be room. */
export function wakeFile(transport: object): void {
  const wake = waits.get(transport);
  waits.delete(transport);
  wake?.();
}
