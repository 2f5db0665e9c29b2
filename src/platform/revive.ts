const prototypes = new WeakMap<object, object>();

/**
 * An object of this entity's class with these fields, which no entity manager knows: for what comes out of a cache or is only read. It has the
 * class's methods and name, and is frozen, because many requests may be handed the same one.
 */
export function revive<T extends object>(type: { readonly prototype: T }, fields: object): T {
  // Its own fields stand before the accessors that the ORM puts on the class, which would begin to watch it.
  return Object.freeze(Object.setPrototypeOf(fields, unwatched(type)) as T);
}

/** The class without what the ORM has added for printing: that would want to add a watcher to a frozen object. */
function unwatched(type: { readonly prototype: object }): object {
  const known = prototypes.get(type);
  if (known) return known;
  const hidden = { value: undefined };
  const prototype = Object.create(type.prototype, {
    toJSON: hidden,
    __entity: hidden,
    [Symbol.for('nodejs.util.inspect.custom')]: hidden,
  }) as object;
  prototypes.set(type, prototype);
  return prototype;
}

export function instantOf(text: string): Date;
export function instantOf(text: string | null): Date | null;
export function instantOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
