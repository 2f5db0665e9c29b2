import { HttpConnection, type Reply } from '../coherence/http-connection.js';

const MAX_SECONDS_BEYOND = 10;
const MAX_EXAMPLES = 3;

export interface Job {
  /** As it goes over the wire. */
  readonly request: string;
  /** What is wrong with the reply; undefined where nothing is. */
  readonly judge: (reply: Reply) => string | undefined;
}

export interface LoadSize {
  readonly seconds: number;
  /** Goes on beyond the seconds, but not for ever, until there were so many: a server that is still being compiled is not the one to measure. */
  readonly minRequests?: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Of good replies, ascending. */
  readonly latenciesMs: Float64Array;
  readonly faults: number;
  /** What the first faults were. */
  readonly examples: readonly string[];
}

/** Kept-alive connections, shared evenly among the servers. */
export function connectTo(ports: readonly number[], count: number): HttpConnection[] {
  return Array.from({ length: count }, (_, index) => new HttpConnection(ports[index % ports.length] ?? 0));
}

/**
 * A closed loop: each connection sends its next request when it has the reply to the last one. It ends when all replies are there, so that
 * whatever is counted before and after belongs to these requests alone.
 */
export async function runLoad(
  connections: readonly HttpConnection[],
  { seconds, minRequests = 0 }: LoadSize,
  next: () => Job,
): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  const examples: string[] = [];
  let requests = 0;
  let faults = 0;
  const startedAt = performance.now();
  const end = startedAt + seconds * 1000;
  const isOn = (): boolean => {
    const now = performance.now();
    return now < end || (requests < minRequests && now < end + MAX_SECONDS_BEYOND * 1000);
  };
  const loop = async (connection: HttpConnection): Promise<void> => {
    while (isOn()) {
      const { request, judge } = next();
      const sentAt = performance.now();
      const fault = await connection.send(request).then(judge, String);
      requests += 1;
      if (fault === undefined) {
        latenciesMs.push(performance.now() - sentAt);
        continue;
      }
      faults += 1;
      if (examples.length < MAX_EXAMPLES) examples.push(fault);
    }
  };
  await Promise.all(connections.map(loop));
  const tookSeconds = (performance.now() - startedAt) / 1000;
  return { requests, seconds: tookSeconds, latenciesMs: Float64Array.from(latenciesMs).sort(), faults, examples };
}
