/** Makes objects of this package appear in `console.log` as their `toString()`, on one line. */

/** `inspect.custom` of `node:util`, without loading that module. */
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

/** The unshortened text of such an object, for messages; null for other values. */
export function wholeText(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  return (value as Record<symbol, unknown>)[CUSTOM] === inspectText ? String(value) : null;
}

/** Longest line in a log, so that two objects still fit on one line of a wide terminal. */
const LENGTH_MAX = 119;

/**
 * A message in the text may have several lines, and paths are long: folders of paths, and then the
 * end of the text, are cut off. `toString()`, and inspection with an unlimited line length as in
 * our own messages, give the whole text.
 */
function inspectText(this: object, _depth: number, options?: { breakLength?: number }): string {
  const line = String(this).replace(/\s*\n\s*/g, ' ');
  if (line.length <= LENGTH_MAX || options?.breakLength === Infinity) return line;
  const short = line.replace(/(?:file:\/\/)?(?:\/[^/\s'"]+){2,}(?=\/)/g, '…');
  return short.length <= LENGTH_MAX ? short : `${short.slice(0, LENGTH_MAX - 1)}…`;
}
