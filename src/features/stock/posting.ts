import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import type { Transaction } from '../../platform/unit-of-work.js';
import type { Actor } from '../access/index.js';
import { ActPlanner, type PlannedAct } from './act-plan.js';
import { judge, placesOfAll, type Bench } from './act-judge.js';
import type { StockAct } from './acts.js';
import { IdempotencyKeyRepository, keyText, type SpentKey } from './idempotency-key.repository.js';
import { courseOf, stateOf } from './level-course.js';
import type { LevelWatch } from './level-watch.port.js';
import type { StockLevel } from './stock-level.entity.js';
import { placeKey, type Place } from './place.js';
import { StockLevelRepository, type LevelRules, type LevelsByPlace } from './stock-level.repository.js';
import type { StockMovement } from './stock-movement.entity.js';
import type { MovementPostedEvent } from './stock.events.js';
import { StockMovementRepository } from './stock-movement.repository.js';
import { keyReused, StockRefusal } from './stock-refusals.js';
import { levelsStamp } from './stock-stamps.js';
import type { PostOptions, Verdict } from './verdict.js';

type Spent = Pick<SpentKey, 'movementIds'> & { readonly inputHash: Uint8Array };
type LevelSnapshot = Pick<StockLevel, 'onHand' | 'floor' | 'version' | 'updatedAt' | 'reorderPoint'>;

/** One transaction's worth of acts. */
export class Posting {
  private readonly levels: StockLevelRepository;
  private readonly movements: StockMovementRepository;
  private readonly keys: IdempotencyKeyRepository;
  private readonly newlySpent = new Map<string, SpentKey>();
  private readonly written = new Map<string, StockMovement>();

  constructor(
    private readonly transaction: Transaction,
    private readonly actor: Actor,
    private readonly parts: { readonly clock: Clock; readonly watch: LevelWatch },
  ) {
    this.levels = new StockLevelRepository(transaction.em);
    this.movements = new StockMovementRepository(transaction.em);
    this.keys = new IdempotencyKeyRepository(transaction.em);
  }

  /** Undefined when a level is missing that has to be there first: the caller then begins again with createLevels. */
  async run(acts: readonly StockAct[], options: PostOptions & { createLevels: boolean }): Promise<Verdict[] | undefined> {
    const planned = withInputHashes(await new ActPlanner(this.transaction, this.actor).plan(acts), options.inputHashOf);
    const places = placesOfAll(planned);
    const added = options.createLevels ? await this.addLevels(places) : new Set<string>();
    const levels = await this.levels.lock(this.actor.shopId, places);
    const bench = await this.bench(planned, levels);
    const spent = await this.keys.findSpent(
      this.actor.shopId,
      acts.map(({ key }) => key),
    );
    if (!options.createLevels && this.needsLevels(planned, bench, spent)) {
      this.transaction.discard();
      return undefined;
    }
    const before = snapshot(levels);
    const drafts = planned.map((each) => this.judgeOne(each, bench, spent));
    const refused = drafts.some(({ refusal }) => refusal !== undefined);
    if (this.newlySpent.size === 0 || (options.atomic && refused)) {
      this.transaction.discard();
      restore(before);
      const outcome = options.atomic && refused ? drafts.map((draft) => this.notApplied(draft)) : drafts;
      const kept = new Map([...levels].filter(([, { id }]) => !added.has(id)));
      return this.complete(
        outcome.map((draft) => withoutLevels(draft, added)),
        planned,
        kept,
      );
    }
    if (options.dryRun) this.transaction.discard();
    else await this.tell(levels, before, bench.now);
    this.keys.spend(this.actor.shopId, [...this.newlySpent.values()]);
    return this.complete(drafts, planned, levels);
  }

  /** Says what was written, and what the levels went through, movement by movement. */
  private tell(levels: LevelsByPlace, before: ReadonlyMap<StockLevel, LevelSnapshot>, now: Date): Promise<void> {
    const written = Map.groupBy(this.written.values(), ({ level }) => level.id);
    const courses = [...levels.values()].flatMap((level) => {
      const start = before.get(level);
      const balances = written
        .get(level.id)
        ?.map(({ balanceAfter }) => stateOf({ onHand: balanceAfter, reorderPoint: level.reorderPoint }));
      return start && balances ? [courseOf(level.id, start, balances)] : [];
    });
    this.emitPosted();
    return this.parts.watch.follow(this.transaction, this.actor, courses, now);
  }

  private emitPosted(): void {
    const { shopId, shop } = this.actor;
    const movementIds = [...this.written.keys()];
    const event: MovementPostedEvent = { type: 'movement.posted', shopId, movementIds, webhookKinds: shop.webhookKinds };
    this.transaction.emit(event);
  }

  private async addLevels(places: readonly Place[]): Promise<ReadonlySet<string>> {
    const { locations } = await this.readRules(places);
    const real = places.filter(({ locationId }) => locations.has(locationId));
    // Written by hand, and a level stays also where its act is refused.
    for (const { stockItemId } of real) this.transaction.touch(levelsStamp(this.actor.shopId, stockItemId));
    return this.levels.createMissing(this.actor.shopId, real);
  }

  private async bench(planned: readonly PlannedAct[], levels: LevelsByPlace): Promise<Bench> {
    const originalIds = planned.flatMap(({ originals }) => originals.map(({ id }) => id));
    return {
      actor: this.actor,
      levels,
      ...(await this.readRules(placesOfAll(planned))),
      reversed: await this.movements.findReversed(this.actor.shopId, originalIds),
      movements: this.movements,
      now: this.parts.clock.now(),
    };
  }

  private readRules(places: readonly Place[]): Promise<LevelRules> {
    const ids = [...new Set(places.map(({ locationId }) => locationId))];
    return this.levels.readRules(this.actor.shopId, ids);
  }

  private needsLevels(planned: readonly PlannedAct[], { levels, locations }: Bench, spent: ReadonlyMap<string, Spent>): boolean {
    return planned.some(
      ({ act, fault, places }) =>
        !fault &&
        !spent.has(keyText(act.key)) &&
        places.some((place) => !levels.has(placeKey(place)) && locations.has(place.locationId)),
    );
  }

  private judgeOne(planned: PlannedAct, bench: Bench, spent: ReadonlyMap<string, Spent>): Draft {
    const key = keyText(planned.act.key);
    const earlier = this.newlySpent.get(key) ?? spent.get(key);
    if (earlier) {
      const isSame = planned.inputHash.equals(earlier.inputHash);
      return isSame ? { replayOf: earlier.movementIds } : { refusal: keyReused() };
    }
    if (planned.fault) return { refusal: planned.fault };
    const judgement = judge(planned, bench);
    if ('refused' in judgement) return { refusal: judgement.refused };
    const movementIds = judgement.applied.map(({ id }) => id);
    for (const movement of judgement.applied) this.written.set(movement.id, movement);
    this.newlySpent.set(key, { key: planned.act.key, inputHash: planned.inputHash, movementIds, at: bench.now });
    return { applied: judgement.applied };
  }

  /** What an atomic batch had applied before one of its acts was refused, and what repeated that under the same key. */
  private notApplied(draft: Draft): Draft {
    const stands = draft.refusal ?? draft.replayOf?.every((id) => !this.written.has(id));
    if (stands) return draft;
    return { refusal: new DomainError('NOT_APPLIED', 'Nothing is wrong with this act; another one of its batch was refused.') };
  }

  /** Turns drafts into verdicts: looks up what replayed acts wrote then, and their levels as they are now. */
  private async complete(drafts: readonly Draft[], planned: readonly PlannedAct[], locked: LevelsByPlace): Promise<Verdict[]> {
    const replayedIds = drafts.flatMap((draft) => draft.replayOf ?? []).filter((id) => !this.written.has(id));
    const found = await this.movements.findByIds(this.actor.shopId, replayedIds);
    // The try that wrote them may have died before it told anybody.
    for (const { stockItem } of found.values()) this.transaction.touch(levelsStamp(this.actor.shopId, stockItem.id));
    const all = new Map([...found, ...this.written]);
    const known = new Map([...locked.values()].map((level) => [level.id, level]));
    const missing = [...found.values()].map(({ level }) => level.id).filter((id) => !known.has(id));
    for (const level of await this.levels.findByIds(this.actor.shopId, missing)) known.set(level.id, level);
    return drafts.map((draft, index) => {
      const movements = draft.applied ?? (draft.replayOf ?? []).flatMap((id) => all.get(id) ?? []);
      const status = draft.refusal ? 'REFUSED' : draft.applied ? 'APPLIED' : 'REPLAYED';
      const ids = status === 'REFUSED' ? placeLevels(planned[index], locked) : movements.map(({ level }) => level.id);
      return { status, movements, levels: ids.flatMap((id) => known.get(id) ?? []), refusal: draft.refusal };
    });
  }
}

function withInputHashes(planned: PlannedAct[], inputHashOf: PostOptions['inputHashOf']): PlannedAct[] {
  return inputHashOf ? planned.map((each) => ({ ...each, inputHash: inputHashOf(each.act) })) : planned;
}

interface Draft {
  readonly applied?: readonly StockMovement[];
  readonly replayOf?: readonly string[];
  readonly refusal?: DomainError;
}

/** A level that was added and taken back is nobody's: a client could not find it again. */
function withoutLevels(draft: Draft, taken: ReadonlySet<string>): Draft {
  const { refusal } = draft;
  const isGone = refusal instanceof StockRefusal && refusal.level !== undefined && taken.has(refusal.level.id);
  return isGone ? { refusal: new StockRefusal(refusal.code, refusal.message, refusal.path, undefined) } : draft;
}

function placeLevels(planned: PlannedAct | undefined, levels: LevelsByPlace): string[] {
  return (planned?.places ?? []).flatMap((place) => levels.get(placeKey(place))?.id ?? []);
}

function snapshot(levels: LevelsByPlace): Map<StockLevel, LevelSnapshot> {
  return new Map(
    [...levels.values()].map((level) => {
      const { onHand, floor, version, updatedAt, reorderPoint } = level;
      return [level, { onHand, floor, version, updatedAt, reorderPoint }];
    }),
  );
}

function restore(before: ReadonlyMap<StockLevel, LevelSnapshot>): void {
  for (const [level, state] of before) Object.assign(level, state);
}
