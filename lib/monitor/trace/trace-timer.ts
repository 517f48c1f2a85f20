/**
 * A timer of Node's, for work that must happen even while the traced loops sleep. It does not keep
 * the process alive.
 */

/** Calls `callback` every `seconds` seconds. @returns a function that stops it */
export function every(seconds: number, callback: () => void): () => void {
  const timer = setInterval(callback, seconds * 1000);
  timer.unref();
  return () => clearInterval(timer);
}
