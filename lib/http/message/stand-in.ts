/**
 * Makes objects of our classes also instances of WHATWG's classes (`Request`, `Headers`) for
 * `instanceof`.
 *
 * Node loads WHATWG's classes when their global name is first used, which takes tens of
 * milliseconds that a server without them should not pay. So the prototype of our prototype is a
 * Proxy that looks up their prototype only when asked: code that uses `instanceof` has already
 * loaded the class.
 */

type Named = 'Request' | 'Headers';

let onAsked = (): void => {};

/** The callback is called when other code asks whether something of ours is one of WHATWG's. */
export function whenAsked(callback: () => void): void {
  onAsked = callback;
}

/**
 * @param members - members of WHATWG's class that ours lacks; WHATWG's own would throw when called
 *   on our objects
 */
export function standsFor(prototype: object, name: Named, members: PropertyDescriptorMap): void {
  const tag = { value: name, configurable: true };
  const behind = Object.create(Object.prototype, { ...members, [Symbol.toStringTag]: tag });
  Object.setPrototypeOf(
    prototype,
    new Proxy(behind as object, {
      getPrototypeOf: () => {
        const { prototype } = globalThis[name];
        onAsked();
        return prototype as object;
      },
    }),
  );
}
