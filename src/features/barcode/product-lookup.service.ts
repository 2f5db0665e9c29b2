import { z } from 'zod';
import type { Clock } from '../../kernel/clock.js';
import { doubling, GiveUp, NotNow, type RunningJob, type Task } from '../../platform/outbox/task.js';
import { EVERY_SHOP } from '../../platform/tenancy.js';
import type { UnitOfWork } from '../../platform/unit-of-work.js';
import { PRODUCT_LOOKUP_TASK, type ProductLookupPayload } from './product-lookup-jobs.js';
import type { ProductAnswer, ProductSourcePort } from './product-lookup.port.js';
import { ProductLookupRepository } from './product-lookup.repository.js';
import type { ProductLookup } from './product-lookup.entity.js';
import { ProductSourceRepository } from './product-source.repository.js';
import { suggestionOf, type ProductSuggestion } from './product-suggestion.js';

export interface ProductLookupOptions {
  /** Who is asked, in this order, until one knows the code. None: nothing is looked up. */
  readonly sources: readonly ProductSourcePort[];
  /** How long what was found is believed, and that nobody knows it. */
  readonly keepMs: number;
  readonly keepUnknownMs: number;
}

/** What came of asking in order. `silent`: why each of the others has not answered. */
interface Asked {
  readonly found?: ProductSuggestion;
  readonly unknownTo: readonly string[];
  readonly silent: readonly Silence[];
}

interface Silence {
  readonly reason: string;
  /** When it may be asked again, where it is known; undefined for a failure. */
  readonly waitMs: number | undefined;
}

/** Look-ups at once in one process: few, so that a far side that is slow holds up nothing else. */
const CONCURRENCY = 4;
const FIRST_RETRY_MS = 30_000;
const MAX_RETRY_MS = 6 * 3_600_000;
/** Over some thirty hours, the pauses in which a source is left alone not counted. */
const TRIES = 14;
/** A look-up that is put off waits for at least this part of its own age, so that many that wait do not keep asking whether they may. */
const PART_OF_AGE = 4;
const MIN_WAIT_MS = 1_000;
const MAX_AGE_WAIT_MS = 3_600_000;

const PAYLOAD: z.ZodType<ProductLookupPayload> = z.object({ gtin: z.string().regex(/^\d{14}$/) });

/** Asks others what an unknown code is. Nobody waits for it: whoever scans has his answer already. */
export class ProductLookupService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly options: ProductLookupOptions,
  ) {}

  get isOn(): boolean {
    return this.options.sources.length > 0;
  }

  /** The job that a parked code sets off. */
  task(): Task {
    return {
      name: PRODUCT_LOOKUP_TASK,
      concurrency: CONCURRENCY,
      retryInMs: doubling(FIRST_RETRY_MS, TRIES, MAX_RETRY_MS),
      run: (job, signal) => this.run(job, signal),
    };
  }

  private async run(job: RunningJob, signal: AbortSignal): Promise<void> {
    const payload = PAYLOAD.safeParse(job.payload);
    if (!payload.success || job.shopId === null) throw new GiveUp('The job names no code of a shop.');
    const { gtin } = payload.data;
    const known = await this.known(job.shopId, gtin);
    if (known === 'ENOUGH') return;
    const asked = await this.ask(gtin, known?.unknownTo ?? [], signal);
    await this.learn(job.shopId, gtin, asked);
    if (asked.found || asked.silent.length === 0) return;
    throw this.laterOf(asked.silent, job);
  }

  /** ENOUGH: the code has a name by now, or what is known of it is still believed. Otherwise what is left of what was learnt before. */
  private async known(shopId: string, gtin: string): Promise<ProductLookup | 'ENOUGH' | undefined> {
    const now = this.clock.now();
    return this.work.run({ shopId }, async ({ em }) => {
      const lookups = new ProductLookupRepository(em, shopId);
      if (!(await lookups.isWanted(gtin))) return 'ENOUGH';
      const known = await lookups.find(gtin);
      if (!known || known.expiresAt <= now) return undefined;
      const isUnknownToAll = this.options.sources.every(({ name }) => known.unknownTo.includes(name));
      return known.name !== null || isUnknownToAll ? 'ENOUGH' : known;
    });
  }

  private async ask(gtin: string, unknownBefore: readonly string[], signal: AbortSignal): Promise<Asked> {
    const unknownTo = [...unknownBefore];
    const silent: Silence[] = [];
    for (const source of this.options.sources) {
      if (unknownTo.includes(source.name)) continue;
      const answer = await this.askOne(source, gtin, signal);
      const found = answer.outcome === 'FOUND' ? suggestionOf(answer.product, source.name) : undefined;
      if (found) return { found, unknownTo: [], silent };
      if (answer.outcome === 'LATER') silent.push({ reason: answer.reason, waitMs: answer.retryAfterMs });
      else if (answer.outcome === 'FAILED') silent.push({ reason: answer.reason, waitMs: undefined });
      else unknownTo.push(source.name);
    }
    return { unknownTo, silent };
  }

  private async askOne(source: ProductSourcePort, gtin: string, signal: AbortSignal): Promise<ProductAnswer> {
    const { name, limits } = source;
    const retryAfterMs = await this.work.run(EVERY_SHOP, ({ em }) => new ProductSourceRepository(em).take(name, limits));
    if (retryAfterMs > 0) {
      return {
        outcome: 'LATER',
        reason: `${name} is asked no more for now: its limit is reached.`,
        retryAfterMs,
        isOwnLimit: true,
      };
    }
    signal.throwIfAborted();
    const answer = await source.find(gtin, signal);
    const wasAsked = answer.outcome !== 'LATER' || answer.isOwnLimit;
    if (!wasAsked) await this.work.run(EVERY_SHOP, ({ em }) => new ProductSourceRepository(em).giveBack(name));
    const pauseMs = pauseOf(answer);
    if (pauseMs > 0) await this.work.run(EVERY_SHOP, ({ em }) => new ProductSourceRepository(em).pause(name, pauseMs));
    return answer;
  }

  private async learn(shopId: string, gtin: string, { found, unknownTo }: Asked): Promise<void> {
    if (!found && unknownTo.length === 0) return;
    const lookedUpAt = this.clock.now();
    const keepMs = found ? this.options.keepMs : this.options.keepUnknownMs;
    const nothing = { name: null, brand: null, imageUrl: null, source: null };
    const learnt = { ...(found ?? nothing), unknownTo: [...unknownTo], lookedUpAt };
    await this.work.run({ shopId }, ({ em }) =>
      new ProductLookupRepository(em, shopId).save(gtin, { ...learnt, expiresAt: new Date(lookedUpAt.getTime() + keepMs) }),
    );
  }

  /** A failure counts as one where at least one source failed; where all only ask for patience the job is put off. */
  private laterOf(silent: readonly Silence[], { createdAt }: RunningJob): Error {
    const reason = silent.map((silence) => silence.reason).join(' ');
    const waits = silent.flatMap(({ waitMs }) => waitMs ?? []);
    if (waits.length < silent.length) return new Error(reason);
    const ageMs = this.clock.now().getTime() - createdAt.getTime();
    const byAgeMs = Math.min(MAX_AGE_WAIT_MS, Math.max(0, ageMs) / PART_OF_AGE) * (0.5 + Math.random());
    return new NotNow(reason, Math.max(MIN_WAIT_MS, Math.min(...waits), byAgeMs));
  }
}

function pauseOf(answer: ProductAnswer): number {
  if (answer.outcome === 'LATER') return answer.isOwnLimit ? answer.retryAfterMs : 0;
  return answer.outcome === 'FAILED' ? 0 : (answer.pauseMs ?? 0);
}
