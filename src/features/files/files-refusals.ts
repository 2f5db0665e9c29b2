import { InvalidError } from '../../kernel/errors.js';
import type { ConstraintRefusals } from '../../platform/database-errors.js';

/** What the database says when it is asked to break this room's rules behind the services' back. */
export const FILES_REFUSALS: ConstraintRefusals = {
  stored_file_slot_check: () => new InvalidError('The item has as many files as it can have.', ['stockItem']),
};
