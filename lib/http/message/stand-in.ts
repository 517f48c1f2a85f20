/**
 * Classes of ours that stand for WHATWG's: `instanceof` takes their objects for the others, too.
 *
 * Node loads WHATWG's classes when they are first named, which takes tens of milliseconds that a
 * server without them should not pay. So what is put behind our prototypes is a Proxy that names
 * them when other code has: `instanceof` has loaded what it asks for.
 */

type Named = 'Request' | 'Headers';

let onAsked = (): void => {};

/** The callback is called when other code asks whether something of ours is one of WHATWG's. */
export function whenAsked(callback: () => void): void {
  onAsked = callback;
}

/**
 * @param members - what objects of the WHATWG's class have and ours have not; theirs would throw,
 * called for ours
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
