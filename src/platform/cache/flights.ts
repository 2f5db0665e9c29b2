/** Loads that are on the way, so that many who miss the same value under the same stamp wait for one of them. */
export class Flights {
  private readonly inFlight = new Map<string, Promise<unknown>>();

  /** The load of this value that is on the way, if there is one. It rejects where that load fails. */
  find(key: string): Promise<unknown> | undefined {
    return this.inFlight.get(key);
  }

  /** Loads these together; others may wait for each of them meanwhile. Gives the values in the order of the keys. */
  async run<Value>(keys: readonly string[], load: () => Promise<readonly Value[]>): Promise<readonly Value[]> {
    const loading = load();
    for (const [index, key] of keys.entries()) {
      const one = loading.then((values) => values[index]);
      // Where nobody waits for it, nobody else would hear of a failure either; whoever began the load does.
      one.catch(() => undefined);
      this.inFlight.set(key, one);
    }
    try {
      return await loading;
    } finally {
      for (const key of keys) this.inFlight.delete(key);
    }
  }
}
