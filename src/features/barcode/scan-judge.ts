import type { Clock } from '../../kernel/clock.js';
import type { DomainError } from '../../kernel/errors.js';
import type { UnitOfWork } from '../../platform/unit-of-work.js';
import type { Actor } from '../access/index.js';
import { placeKey, type MoveAct, type MovementService, type Place, type Verdict } from '../stock/index.js';
import { parseCode, type CodeReading } from './codes/parse-code.js';
import { readVariableMeasureSetting } from './codes/variable-measure-setting.js';
import { ParkedScanRepository, type ScanToPark } from './parked-scan.repository.js';
import { planScan, probeAct, withoutRivals, type ScanBearings, type ScanPlan } from './scan-plan.js';
import { ScanRepository } from './scan.repository.js';
import { sayLeft, sayParked, sayRefused, sayUnknown } from './scan-say.js';
import type { ScanOutcome, ScanVerdict } from './scan-verdict.js';
import { beepKey, hasUsableId, scanKeyReused, type Beep } from './scan.js';

/** How a plan turned out; `posted`: what the ledger's door said of it. */
interface Settled {
  readonly plan: ScanPlan;
  readonly outcome: ScanOutcome;
  readonly posted: Verdict | undefined;
  readonly refusal?: DomainError;
}

export interface JudgeOptions {
  readonly dryRun: boolean;
}

/** What a code means in the actor's shop. Opens no transaction. */
export function readCode(actor: Actor, code: string, now: Date): CodeReading {
  const setting = readVariableMeasureSetting(actor.shop.variableMeasure);
  return parseCode(code, { variableMeasure: setting.ok ? setting.layouts : [], currentYear: now.getUTCFullYear() });
}

/**
 * Judges scans in their order, from whatever device they come: looks everything up, has the movements made, and keeps what nobody knows. The
 * number of statements does not depend on how many scans there are.
 */
export class ScanJudge {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly movements: MovementService,
  ) {}

  /** One verdict for each, in their order. */
  async judge(actor: Actor, beeps: readonly Beep[], options: JudgeOptions): Promise<ScanVerdict[]> {
    if (beeps.length === 0) return [];
    const settled = await this.settle(actor, beeps, options);
    const parked = settled.flatMap(({ outcome, plan }, index) => (outcome === 'PARKED' && !plan.parked ? [{ plan, index }] : []));
    if (parked.length > 0 && !options.dryRun) {
      // A code may have been named while its scan was on the way to being kept. Whoever names one looks for kept scans afterwards, and here
      // names are looked for once the scans are kept: one of the two sees the other.
      const named = await this.named(actor, parked);
      const again = await this.settle(
        actor,
        named.map(({ plan }) => plan.beep),
        options,
      );
      for (const [at, { index }] of named.entries()) settled[index] = again[at] ?? settled[index] ?? unreachable();
    }
    return this.verdicts(actor, settled, options);
  }

  private async settle(actor: Actor, beeps: readonly Beep[], options: JudgeOptions): Promise<Settled[]> {
    if (beeps.length === 0) return [];
    const plans = await this.plan(actor, beeps);
    const posted = await this.post(actor, plans, options);
    const settled = plans.map((plan) => settleOne(plan, posted.get(plan)));
    return options.dryRun ? settled : this.keep(actor, settled);
  }

  private async plan(actor: Actor, beeps: readonly Beep[]): Promise<ScanPlan[]> {
    const now = this.clock.now();
    const readings = beeps.map(({ code }) => readCode(actor, code, now));
    const bearings = await this.work.run(async ({ em }): Promise<ScanBearings> => {
      const scans = new ScanRepository(em, actor.shopId);
      const parked = await new ParkedScanRepository(em, actor.shopId).findOf(beeps.filter(hasUsableId));
      const choices = beeps.flatMap(({ location }) => location ?? []);
      const ids = [...choices.map(({ id }) => id), actor.locationId, ...[...parked.values()].map(({ location }) => location.id)];
      const locations = await scans.findLocations(
        ids.filter((id) => id !== undefined),
        choices.flatMap(({ code }) => code ?? []),
      );
      const bound = locations.find(({ id }) => id === actor.locationId);
      const needsOnly = !bound && beeps.some(({ location }) => !location);
      const fallback = needsOnly ? await scans.findOnlyLocation() : bound;
      const barcodes = await scans.findBarcodes(readings.flatMap((reading) => (reading.ok ? reading.candidates : [])));
      return { actor, barcodes, locations, fallback, parked };
    });
    return withoutRivals(beeps.map((beep, index) => planScan(beep, readings[index] ?? unreachable(), bearings)));
  }

  /** Every scan goes to the ledger's door, also one that moves nothing: there its key is looked for. */
  private async post(actor: Actor, plans: readonly ScanPlan[], { dryRun }: JudgeOptions): Promise<Map<ScanPlan, Verdict>> {
    const asked = plans.filter(({ beep }) => hasUsableId(beep));
    const acts = asked.map((plan) => (plan.intent === 'MOVE' ? plan.act : probeAct(plan.beep)));
    const hashes = new Map<object, Buffer>(
      acts.map((act: MoveAct, index) => [act, (asked[index] ?? unreachable()).beep.inputHash]),
    );
    const inputHashOf = (act: object): Buffer => hashes.get(act) ?? unreachable();
    const verdicts = await this.movements.post(actor, acts, { dryRun, inputHashOf });
    return new Map(asked.map((plan, index) => [plan, verdicts[index] ?? unreachable()]));
  }

  /** Keeps what is to be parked, and notes of what was parked before that it is done. */
  private async keep(actor: Actor, settled: readonly Settled[]): Promise<Settled[]> {
    const toPark = settled.flatMap(({ outcome, plan }) =>
      outcome === 'PARKED' && !plan.parked ? toBeParked(plan, actor, this.clock.now()) : [],
    );
    const done = settled.flatMap(({ outcome, plan: { parked } }) =>
      parked && !parked.resolvedAt && (outcome === 'APPLIED' || outcome === 'REPLAYED') ? [parked.id] : [],
    );
    if (toPark.length + done.length === 0) return [...settled];
    const kept = await this.work.run(async ({ em }) => {
      const parked = new ParkedScanRepository(em, actor.shopId);
      if (toPark.length > 0) await parked.add(toPark);
      if (done.length > 0) await parked.resolve(done, this.clock.now());
      return parked.findOf(toPark.map(({ beep }) => beep));
    });
    return settled.map((each) => {
      // Another scan under the same device and id was kept first.
      const first = kept.get(beepKey(each.plan.beep.device, each.plan.beep.id));
      const lost = each.outcome === 'PARKED' && first && !each.plan.beep.inputHash.equals(first.inputHash);
      return lost ? { ...each, outcome: 'REJECTED', refusal: scanKeyReused() } : each;
    });
  }

  private async named<T extends { readonly plan: ScanPlan }>(actor: Actor, parked: readonly T[]): Promise<T[]> {
    const candidatesOf = ({ plan: { reading } }: T): readonly string[] => (reading.ok ? reading.candidates : []);
    const barcodes = await this.work.run(({ em }) =>
      new ScanRepository(em, actor.shopId).findBarcodes(parked.flatMap(candidatesOf)),
    );
    return parked.filter((each) => candidatesOf(each).some((candidate) => barcodes.has(candidate)));
  }

  private async verdicts(actor: Actor, settled: readonly Settled[], options: JudgeOptions): Promise<ScanVerdict[]> {
    const places = settled.flatMap(({ plan, posted }) => (posted?.levels[0] ? [] : (placeOf(plan) ?? [])));
    const itemIds = settled.flatMap((each) => {
      const id = movedItemId(each);
      return id === undefined || id === each.plan.barcode?.stockItem.id ? [] : [id];
    });
    const found =
      places.length + itemIds.length === 0
        ? undefined
        : await this.work.run(async ({ em }) => {
            const scans = new ScanRepository(em, actor.shopId);
            return { levels: await scans.findLevels(places), items: await scans.findItems(itemIds) };
          });
    return settled.map((each): ScanVerdict => {
      const place = placeOf(each.plan);
      const level = each.posted?.levels[0] ?? (place && found?.levels.get(placeKey(place)));
      const stockItem = found?.items.get(movedItemId(each) ?? '') ?? each.plan.barcode?.stockItem;
      return verdictOf(each, { stockItem, level }, options);
    });
  }
}

function settleOne(plan: ScanPlan, posted: Verdict | undefined): Settled {
  if (posted && posted.status !== 'REFUSED') return { plan, outcome: posted.status, posted };
  if (posted?.refusal?.code === 'KEY_REUSED') return { plan, outcome: 'REJECTED', posted, refusal: scanKeyReused() };
  if (plan.intent === 'REFUSE') return { plan, outcome: 'REJECTED', posted, refusal: plan.refusal };
  if (plan.intent === 'PARK') return { plan, outcome: 'PARKED', posted };
  if (plan.intent === 'LOOKUP') return { plan, outcome: plan.parked?.resolvedAt ? 'REPLAYED' : 'APPLIED', posted };
  return { plan, outcome: 'REJECTED', posted, refusal: posted?.refusal ?? unreachable() };
}

function toBeParked(plan: ScanPlan, actor: Actor, now: Date): ScanToPark[] {
  if (plan.intent !== 'PARK') return [];
  const { beep, normalized, mode, location } = plan;
  return [{ beep, normalized, mode, locationId: location.id, actorId: actor.keyId, now }];
}

function placeOf({ barcode, location }: ScanPlan): Place | undefined {
  return barcode && location && { stockItemId: barcode.stockItem.id, locationId: location.id };
}

/** The item that the scan's movement moved: of a scan sent again it may be another than its code means by now. */
function movedItemId({ posted }: Settled): string | undefined {
  return posted?.movements[0]?.stockItem.id;
}

function verdictOf(
  { plan, outcome, posted, refusal }: Settled,
  known: Pick<ScanVerdict, 'stockItem' | 'level'>,
  { dryRun }: JudgeOptions,
): ScanVerdict {
  const { beep, reading } = plan;
  const { stockItem, level } = known;
  const say = (): string => {
    if (refusal) return sayRefused(refusal, stockItem, level);
    if (outcome === 'PARKED') return sayParked(beep.code, !dryRun);
    if (!stockItem) return sayUnknown(beep.code);
    // Each beep of a batch says what it left; the level beside it is as it is now.
    const left = outcome === 'APPLIED' ? posted?.movements[0]?.balanceAfter : undefined;
    return sayLeft(stockItem, left ? { onHand: left } : level);
  };
  return {
    id: beep.id,
    outcome,
    ...known,
    movement: dryRun && outcome === 'APPLIED' ? undefined : posted?.movements[0],
    parsed: reading.ok ? reading.parsed : undefined,
    say: say(),
    refusals: refusal ? [refusal] : [],
  };
}

function unreachable(): never {
  throw new Error('A scan was left without an answer.');
}
