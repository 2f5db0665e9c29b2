import type { Clock } from '../../kernel/clock.js';
import { InvalidError } from '../../kernel/errors.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import type { Actor } from '../access/index.js';
import type { StockAct } from './acts.js';
import { UNWATCHED, type LevelWatch } from './level-watch.port.js';
import { Posting } from './posting.js';
import type { PostOptions, Verdict } from './verdict.js';

export const MAX_ACTS = 500;

/** Keys that two honest requests may race for; the loser looks again and finds what the winner wrote. */
const RACED_KEYS = ['idempotency_key_pkey', 'stock_reversal_pkey'];

/** The one door to the ledger: every movement of stock, from whatever client, is an act posted here. */
export class MovementService {
  constructor(
    private readonly work: UnitOfWork,
    readonly clock: Clock,
    readonly watch: LevelWatch = UNWATCHED,
  ) {}

  /**
   * Applies the acts in order, each against the levels as the ones before it left them, in one transaction of its own; gives a verdict for
   * each, in their order. atomic: all of them or none; then the innocent ones are refused as NOT_APPLIED. Refuses (INVALID) more than
   * MAX_ACTS acts as a whole.
   */
  async post(actor: Actor, acts: readonly StockAct[], options: PostOptions = {}): Promise<Verdict[]> {
    if (acts.length > MAX_ACTS)
      throw new InvalidError(`At most ${String(MAX_ACTS)} acts at a time; send the rest in a second request.`, ['acts']);
    if (acts.length === 0) return [];
    // Levels are added before any lock is taken, or two writers could wait for each other in a circle: so begin again where one is missing.
    const verdicts =
      (await this.attempt(actor, acts, { ...options, createLevels: false })) ??
      (await this.attempt(actor, acts, { ...options, createLevels: true }));
    if (!verdicts) throw new Error('Levels are still missing that were just added.');
    return verdicts;
  }

  /** One act: a list of one. */
  async postOne(actor: Actor, act: StockAct): Promise<Verdict> {
    const [verdict] = await this.post(actor, [act]);
    if (!verdict) throw new Error('An act was left without a verdict.');
    return verdict;
  }

  private attempt(
    actor: Actor,
    acts: readonly StockAct[],
    options: PostOptions & { createLevels: boolean },
  ): Promise<Verdict[] | undefined> {
    const post = (transaction: Transaction) => new Posting(transaction, actor, this).run(acts, options);
    return this.work.run(actor, post, { racedKeys: RACED_KEYS });
  }
}
