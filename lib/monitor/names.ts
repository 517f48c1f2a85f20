/**
 * Reading properties of user objects, which may throw. Nothing may be thrown during the dispatch or
 * while a snapshot is taken.
 */
/** The result of `look`, or `otherwise` if it throws. */
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
