// The bodies that are sent from memory: "Hello, World!" over and over, cut at their length.
const bodies = new Map<string, Buffer>();

/** The body of a path that is `/` and a number of bytes. */
export function bodyOf(path: string): Buffer {
  let body = bodies.get(path);
  if (body === undefined) {
    body = Buffer.alloc(Number(path.slice(1)), 'Hello, World!');
    bodies.set(path, body);
  }
  return body;
}
