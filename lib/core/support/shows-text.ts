/** How objects of this package look in `console.log`: as their `toString()`, on one line. */

/** `inspect.custom` of `node:util`, which is not loaded for it. */
const CUSTOM = Symbol.for('nodejs.util.inspect.custom');

/**
 * Makes `console.log` show what `toString()` says of objects of these classes, and of classes that
 * extend them, instead of their insides.
 */
export function showsText(
  ...classes: readonly { readonly prototype: { toString(): string } }[]
): void {
  for (const { prototype } of classes) {
    Object.defineProperty(prototype, CUSTOM, { value: inspectText, configurable: true });
  }
}

/** The whole text of such an object, for messages, which may be as long as they must; else null. */
export function wholeText(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  return (value as Record<symbol, unknown>)[CUSTOM] === inspectText ? String(value) : null;
}

/** A line of a log, so that two things still stand on one line of a wide terminal. */
const LENGTH_MAX = 119;

/**
 * A message in it may have several lines, and paths are long: their folders, and then the end of
 * the text, are left to `toString()`, and to callers that allow lines of any length, as our
 * own messages do.
 */
function inspectText(this: object, _depth: number, options?: { breakLength?: number }): string {
  const line = String(this).replace(/\s*\n\s*/g, ' ');
  if (line.length <= LENGTH_MAX || options?.breakLength === Infinity) return line;
  const short = line.replace(/(?:file:\/\/)?(?:\/[^/\s'"]+){2,}(?=\/)/g, '…');
  return short.length <= LENGTH_MAX ? short : `${short.slice(0, LENGTH_MAX - 1)}…`;
}
