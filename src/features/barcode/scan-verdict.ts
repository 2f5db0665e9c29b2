import type { DomainError } from '../../kernel/errors.js';
import type { StockItem } from '../catalog/index.js';
import type { StockLevel, StockMovement } from '../stock/index.js';
import type { ParsedCode } from './codes/gs1-message.js';

export const SCAN_OUTCOMES = ['APPLIED', 'REPLAYED', 'PARKED', 'REJECTED'] as const;
export type ScanOutcome = (typeof SCAN_OUTCOMES)[number];

/**
 * What became of one scan. level: at the scan's location, as it is now (as it would be, of a dry run). movement: what the scan wrote, now or
 * when it was first sent; none of a look-up or a dry run. parsed: what the code said, where it could be read. say: one line of at most
 * MAX_SAY_LENGTH characters.
 */
export interface ScanVerdict {
  readonly id: string;
  readonly outcome: ScanOutcome;
  readonly stockItem: StockItem | undefined;
  readonly level: StockLevel | undefined;
  readonly movement: StockMovement | undefined;
  readonly parsed: ParsedCode | undefined;
  readonly say: string;
  readonly refusals: readonly DomainError[];
}
