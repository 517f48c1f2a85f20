/**
 * Looks that may throw: names may come from the user's own classes, and nothing may
 * be thrown inside of the dispatch or of a snapshot.
 */
/** The result of a look that may throw. */
export function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

export function className(value: object): string {
  return attempt(() => String(value.constructor.name), 'object');
}
