import type { Clock } from '../../kernel/clock.js';
import type { DomainError } from '../../kernel/errors.js';
import { inShop } from '../../platform/tenancy.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import type { Actor } from '../access/index.js';
import type { StockItem } from '../catalog/index.js';
import type { MoveAct, MovementService, StockLevel, Verdict } from '../stock/index.js';
import type { CodeParkedEvent } from './barcode.events.js';
import { parseCode, type CodeReading } from './codes/parse-code.js';
import { readVariableMeasureSetting } from './codes/variable-measure-setting.js';
import { ParkedScanRepository, type ScanToPark } from './parked-scan.repository.js';
import { findBarcodes, findBearings } from './scan-bearings.js';
import { planScan, probeAct, withoutRivals, type ScanPlan } from './scan-plan.js';
import type { ReadersOf, ScanReaders, Sight } from './scan-readers.js';
import { sayLeft, sayParked, sayRefused, sayUnknown } from './scan-say.js';
import type { ScanOutcome, ScanVerdict } from './scan-verdict.js';
import { beepKey, hasUsableId, scanKeyReused, type Beep } from './scan.js';

/** How a plan turned out; `posted`: what the ledger's door said of it, where it was asked. */
interface Settled {
  readonly plan: ScanPlan;
  readonly outcome: ScanOutcome;
  readonly posted: Verdict | undefined;
  readonly refusal?: DomainError;
}

/** sight: what the scans are planned by, usually ACKNOWLEDGED. */
export interface JudgeOptions {
  readonly dryRun: boolean;
  readonly sight?: Sight;
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
    private readonly readersOf: ReadersOf,
  ) {}

  /** One verdict for each, in their order. */
  judge(actor: Actor, beeps: readonly Beep[], options: JudgeOptions): Promise<ScanVerdict[]> {
    return inShop(actor.shopId, () => this.judgeIn(actor, beeps, options));
  }

  private async judgeIn(actor: Actor, beeps: readonly Beep[], options: JudgeOptions): Promise<ScanVerdict[]> {
    if (beeps.length === 0) return [];
    const readers = this.readersOf(actor, options.sight ?? 'ACKNOWLEDGED');
    const settled = await this.settle(actor, beeps, readers, options);
    const parked = settled.flatMap(({ outcome, plan }, index) => (outcome === 'PARKED' && !plan.parked ? [{ plan, index }] : []));
    if (parked.length > 0 && !options.dryRun) {
      // A code may have been named while its scan was on the way to being kept. Whoever names one looks for kept scans afterwards, and here
      // names are looked for once the scans are kept: one of the two sees the other. That holds of the database alone: a name that has been
      // committed may not be acknowledged yet, and until it is the cache may know nothing of it. So these readers ask the database, and the
      // scans are planned again by the same ones.
      const now = this.readersOf(actor, 'COMMITTED');
      const named = await namedAmong(parked, now);
      const again = await this.settle(
        actor,
        named.map(({ plan }) => plan.beep),
        now,
        options,
      );
      for (const [at, { index }] of named.entries()) settled[index] = again[at] ?? settled[index] ?? unreachable();
    }
    // Nothing that was read before a posting is shown after it, for it may have changed any of the levels.
    const isPosted = settled.some(({ posted }) => posted !== undefined);
    return verdictsOf(settled, isPosted ? this.readersOf(actor, 'COMMITTED') : readers, options);
  }

  /**
   * Looks everything up outside any transaction, as each statement of a READ COMMITTED one sees the database anew anyway: what a scan is
   * planned by may change before it is posted. Whatever that could do harm to (locations, levels, keys) is read again under the ledger's
   * locks.
   */
  private async settle(actor: Actor, beeps: readonly Beep[], readers: ScanReaders, options: JudgeOptions): Promise<Settled[]> {
    if (beeps.length === 0) return [];
    const { parked, isAnySpent } = await readers.seen.among(beeps.filter(hasUsableId));
    const now = this.clock.now();
    const readings = beeps.map(({ code }) => readCode(actor, code, now));
    const bearings = await findBearings(actor, { beeps, readings, parked }, readers);
    const plans = withoutRivals(beeps.map((beep, index) => planScan(beep, readings[index] ?? unreachable(), bearings)));
    // Where nothing is to be moved, and no id stands for a movement, the ledger has nothing to say. An id that is spent from here on is
    // spent by a scan that came at the same time: this one was first.
    const asksLedger = isAnySpent || plans.some(({ intent }) => intent === 'MOVE');
    const posted = asksLedger ? await this.post(actor, plans, options) : new Map<ScanPlan, Verdict>();
    const settled = plans.map((plan) => settleOne(plan, posted.get(plan)));
    return options.dryRun ? settled : this.keep(actor, settled);
  }

  /** Every scan of the batch goes to the ledger's door, also one that moves nothing: there its key is looked for. */
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
    const kept = await this.work.run(actor, async (transaction) => {
      const parked = new ParkedScanRepository(transaction.em, actor.shopId);
      const codes = toPark.length > 0 ? await parked.add(toPark) : [];
      if (codes.length > 0) tellParked(transaction, actor.shopId, codes);
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
}

/** Those whose codes have a name by now. */
async function namedAmong<T extends { readonly plan: ScanPlan }>(parked: readonly T[], { catalog }: ScanReaders): Promise<T[]> {
  const barcodes = await findBarcodes(
    parked.map(({ plan: { reading } }) => reading),
    catalog,
  );
  return parked.filter(({ plan: { reading } }) => reading.ok && reading.candidates.some((value) => barcodes.has(value)));
}

function verdictsOf(settled: readonly Settled[], readers: ScanReaders, options: JudgeOptions): Promise<ScanVerdict[]> {
  const verdict = async (each: Settled): Promise<ScanVerdict> => {
    const [stockItem, level] = await Promise.all([itemOf(each, readers), levelOf(each, readers)]);
    return verdictOf(each, { stockItem, level }, options);
  };
  return Promise.all(settled.map(verdict));
}

function settleOne(plan: ScanPlan, posted: Verdict | undefined): Settled {
  if (posted && posted.status !== 'REFUSED') return { plan, outcome: posted.status, posted };
  if (posted?.refusal?.code === 'KEY_REUSED') return { plan, outcome: 'REJECTED', posted, refusal: scanKeyReused() };
  if (plan.intent === 'REFUSE') return { plan, outcome: 'REJECTED', posted, refusal: plan.refusal };
  if (plan.intent === 'PARK') return { plan, outcome: 'PARKED', posted };
  if (plan.intent === 'LOOKUP') return { plan, outcome: plan.parked?.resolvedAt ? 'REPLAYED' : 'APPLIED', posted };
  return { plan, outcome: 'REJECTED', posted, refusal: posted?.refusal ?? unreachable() };
}

function tellParked(transaction: Transaction, shopId: string, codes: readonly string[]): void {
  const event: CodeParkedEvent = { type: 'code.parked', shopId, codes };
  transaction.emit(event);
}

function toBeParked(plan: ScanPlan, actor: Actor, now: Date): ScanToPark[] {
  if (plan.intent !== 'PARK') return [];
  const { beep, normalized, mode, location } = plan;
  return [{ beep, normalized, mode, locationId: location.id, actorId: actor.actorId, now }];
}

/** The item that the scan's movement moved: of a scan sent again it may be another than its code means by now. */
async function itemOf({ plan, posted }: Settled, { catalog }: ScanReaders): Promise<StockItem | undefined> {
  const meant = plan.barcode?.stockItem;
  const movedId = posted?.movements[0]?.stockItem.id;
  return movedId === undefined || movedId === meant?.id ? meant : ((await catalog.item(movedId)) ?? meant);
}

async function levelOf({ plan, posted }: Settled, { stock }: ScanReaders): Promise<StockLevel | undefined> {
  const { barcode, location } = plan;
  const [level] = posted?.levels ?? [];
  if (level || !barcode || !location) return level;
  return stock.levelAt({ stockItemId: barcode.stockItem.id, locationId: location.id });
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
