/** What parts the parts of a multipart body: nobody can guess it, so no content has it. */
export function makeBoundary(): string {
  return `oxbow-${globalThis.crypto.randomUUID()}`;
}
