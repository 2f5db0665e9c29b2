import type { DomainError } from '../../kernel/errors.js';
import type { StockAct } from './acts.js';
import type { StockLevel } from './stock-level.entity.js';
import type { StockMovement } from './stock-movement.entity.js';

/**
 * What became of one act. levels: those it is about as they are now, the one that gives first for a transfer; none where an act was
 * refused before its levels were known. REPLAYED: it was done before, and these are the movements it made then.
 */
export interface Verdict {
  readonly status: 'APPLIED' | 'REPLAYED' | 'REFUSED';
  readonly movements: readonly StockMovement[];
  readonly levels: readonly StockLevel[];
  readonly refusal: DomainError | undefined;
}

/**
 * atomic: all acts or none. dryRun: verdicts, levels and movements as they would be, and nothing written. inputHashOf: a hash of what the
 * client asked for, where its acts were made of something else (a scanned code); a key is bound to this.
 */
export interface PostOptions {
  readonly atomic?: boolean;
  readonly dryRun?: boolean;
  readonly inputHashOf?: (act: StockAct) => Buffer;
}
