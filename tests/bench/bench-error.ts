/** What was asked for cannot be done; the message says why, and what can. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
}
