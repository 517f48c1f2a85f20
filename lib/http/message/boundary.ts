/**
 * The boundary between the parts of a multipart body: it cannot be guessed, so no content contains
 * it.
 */
export function makeBoundary(): string {
  return `oxbow-${globalThis.crypto.randomUUID()}`;
}
