/**
 * A timer of Node's own, for what must happen also while the loops that are watched sleep. It does
 * not keep the process alive.
 */

/** Calls `callback` every so many seconds. @returns a function that ends that */
export function every(seconds: number, callback: () => void): () => void {
  const timer = setInterval(callback, seconds * 1000);
  timer.unref();
  return () => clearInterval(timer);
}
