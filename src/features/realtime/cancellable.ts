/**
 * What the generator yields, until the consumer lets go: then its signal is aborted at once, also while it waits. (A generator of itself hears of
 * `return` only when it has come to its next value, which may be never.)
 */
export function cancellable<T>(generate: (signal: AbortSignal) => AsyncGenerator<T>): AsyncIterableIterator<T> {
  const controller = new AbortController();
  const generator = generate(controller.signal);
  return {
    next: () => generator.next(),
    return: async () => {
      controller.abort();
      return generator.return(undefined);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
