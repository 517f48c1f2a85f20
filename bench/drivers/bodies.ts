// The bodies that are sent from memory: "Hello, World!" repeated and cut to size.
const bodies = new Map<string, Buffer>();

/** The body for a path such as `/1024`, which is the number of bytes. */
export function bodyOf(path: string): Buffer {
  let body = bodies.get(path);
  if (body === undefined) {
    body = Buffer.alloc(Number(path.slice(1)), 'Hello, World!');
    bodies.set(path, body);
  }
  return body;
}
