import { processLimiter, Limits } from '../../../src/platform/limits/limits.js';
import type { Limiter, LimitRule } from '../../../src/platform/limits/limiter.js';
import { createLogger } from '../../../src/platform/log.js';

/** The program's own, with room for `points` in each, and how much of it was taken. */
export class RoomyLimits extends Limits {
  /** By the rule's name and the key. */
  readonly taken: Record<string, number> = {};

  constructor(private readonly points: number) {
    super({ redisUrl: undefined, log: createLogger({ level: 'silent' }) });
  }

  override limiter(rule: LimitRule): Limiter {
    const inner = processLimiter({ ...rule, points: this.points });
    return {
      take: async (key, points) => {
        const taken = await inner.take(key, points);
        if (taken.ok) this.taken[`${rule.name} ${key}`] = this.points - taken.left;
        return taken;
      },
    };
  }
}
