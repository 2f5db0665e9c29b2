import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support/live-client.js';
import { EndedTooSoon, type Ending } from './endings.js';
import { FEED_NAMES, Listener } from './listener.js';
import type { Movements } from './movements.js';
import type { Servers } from './servers.js';
import type { RevocationShop } from './shop.js';
import { Uses } from './uses.js';
import { observed, type Observed } from './verdict.js';

/** What each server lets in, before the end, and refuses, after it, at the least. */
const MIN_USES = 10;
const POLL_MS = 10;

export interface RoundLimits {
  /** How long a credential is used before it is ended, at the least; up to twice that, so that it ends at any moment between two looks at it. */
  readonly leadMs: number;
  /** How long one lives that ends by itself, at the least; up to `leadMs` more. */
  readonly lifeMs: number;
  /** How long it is used after its end, at the least. */
  readonly afterMs: number;
  /** From when on after the acknowledgement nothing may be let in and no socket be open. */
  readonly boundMs: number;
}

export interface RoundParts {
  readonly servers: Servers;
  readonly shop: RevocationShop;
  readonly movements: Movements;
}

/**
 * One credential: made, used through all servers and listening at each, ended through the server `through`, and used on. Rejects (EndedTooSoon) where
 * it ended by itself before it was in use.
 */
export async function playRound(
  { servers, shop, movements }: RoundParts,
  ending: Ending,
  { through, limits }: { readonly through: number; readonly limits: RoundLimits },
): Promise<Observed> {
  const { urls, all } = servers;
  const url = urls[through] ?? '';
  const moreMs = limits.leadMs * Math.random();
  const { secret, end } = await ending.open({ shop, url, lifeMs: limits.lifeMs + moreMs });
  const uses = new Uses(
    all.map(({ httpPort }) => httpPort),
    secret,
    ending.use,
  );
  const listeners = urls.flatMap((each, server) => FEED_NAMES.map((feed) => new Listener(each, secret, { server, feed })));
  try {
    const letIn = (server: number): number => uses.answered.filter((use) => use.server === server && use.isLetIn).length;
    await sleep(limits.leadMs + moreMs);
    const isInUse = () => listeners.every(({ listens }) => listens) && urls.every((_, server) => letIn(server) >= MIN_USES);
    const isLost = () => listeners.some(({ closed }) => closed);
    await until(() => isInUse() || isLost(), `The use of a credential that is to end by ${ending.title}`);
    if (isLost()) throw new EndedTooSoon('A socket was closed before it was in use.');
    const endedAt = await end(url);
    const refused = (server: number): number => uses.answered.filter((use) => use.server === server && !use.isLetIn).length;
    const isSeen = () =>
      urls.every((_, server) => refused(server) >= MIN_USES) && (ending.keepsSockets || listeners.every(({ closed }) => closed));
    for (;;) {
      const sinceMs = performance.now() - endedAt;
      if (sinceMs > limits.afterMs && (isSeen() || sinceMs > limits.boundMs)) break;
      await sleep(POLL_MS);
    }
    await uses.stop();
    return observed({ uses, listeners, movements, endedAt });
  } finally {
    await uses.stop();
    await Promise.all(listeners.map((listener) => listener.stop()));
  }
}
