import type { Clock } from '../../kernel/clock.js';
import { RequestError } from '../../kernel/errors.js';
import { isStorable, type Actor } from '../access/index.js';
import type { ScanJudge } from './scan-judge.js';
import { orderBySeq } from './scan-order.js';
import { scanClock } from './scan-time.js';
import type { ScanVerdict } from './scan-verdict.js';
import { toBeep, type ScanRequest } from './scan.js';

export const MAX_SCANS = 500;
export const MAX_DEVICE_LENGTH = 200;

/** sentAt: what the device's clock said when it sent the batch. dryRun: verdicts as they would be, and nothing written. */
export interface ScanBatch {
  readonly device: string;
  readonly scans: readonly ScanRequest[];
  readonly sentAt?: Date | undefined;
  readonly dryRun?: boolean | undefined;
}

/** clockSkewMs: how much the device's clock is behind the server's (negative: ahead), by which the scans' times were corrected. */
export interface ScanBatchVerdicts {
  readonly results: ScanVerdict[];
  readonly clockSkewMs: number;
}

/** Where beeps come in. */
export class ScanService {
  constructor(
    private readonly clock: Clock,
    private readonly judge: ScanJudge,
  ) {}

  /** One scan, of the API key as the device: a batch of one. */
  async scan(actor: Actor, request: ScanRequest): Promise<ScanVerdict> {
    const { results } = await this.submit(actor, { device: actor.actorId, scans: [request] });
    const [verdict] = results;
    if (!verdict) throw new Error('A scan was left without a verdict.');
    return verdict;
  }

  /**
   * Applies the scans in the order of their seq; gives one verdict for each, in the order in which they came. A refusal touches no neighbour.
   * A scan sent again gets what it got first. Unknown codes are kept. Opens transactions of its own where something is to be written; the
   * movements are made in one. Refuses (BAD_USER_INPUT) more than MAX_SCANS, and a device's name that is blank or longer than MAX_DEVICE_LENGTH.
   */
  async submit(actor: Actor, { device, scans, sentAt, dryRun = false }: ScanBatch): Promise<ScanBatchVerdicts> {
    if (scans.length > MAX_SCANS) {
      throw new RequestError(
        'BAD_USER_INPUT',
        `At most ${String(MAX_SCANS)} scans at a time; send the rest in a second request.`,
      );
    }
    if (device.trim() === '' || device.length > MAX_DEVICE_LENGTH || !isStorable(device)) {
      throw new RequestError('BAD_USER_INPUT', `device must be a name of 1 to ${String(MAX_DEVICE_LENGTH)} characters.`);
    }
    const clock = scanClock(this.clock.now(), sentAt);
    const order = orderBySeq(scans);
    const beeps = order.flatMap((index) => (scans[index] ? [toBeep(scans[index], device, clock.correct)] : []));
    const verdicts = await this.judge.judge(actor, beeps, { dryRun });
    const results: ScanVerdict[] = [];
    for (const [place, verdict] of verdicts.entries()) results[order[place] ?? place] = verdict;
    return { results, clockSkewMs: clock.clockSkewMs };
  }
}
