import { DomainError } from '../../kernel/errors.js';
import type { ConstraintRefusals } from '../../platform/database-errors.js';

/** What the database says when it is asked to break this room's rules. */
export const OPERATIONS_REFUSALS: ConstraintRefusals = {
  outbox_job_key_unique: () => new DomainError('ALREADY_DONE', 'The same waits to be done again already.', ['id']),
};
