import { DuplicateError, InvalidError, NotFoundError } from '../../kernel/errors.js';
import type { ConstraintRefusals } from '../../platform/database-errors.js';

const beneathItself = () => new InvalidError('A location cannot be moved beneath itself.', ['parent']);

/** What the database says when it is asked to break this room's rules. */
export const ACCESS_REFUSALS: ConstraintRefusals = {
  location_code_unique: () => new DuplicateError('The shop has a location of this code.', ['code']),
  location_parent_check: beneathItself,
  location_tree: beneathItself,
  location_shop_id_parent_id_foreign: () => new NotFoundError('The shop has no such location.', ['parent']),
  api_key_shop_id_location_id_foreign: () => new NotFoundError('The shop has no such location.', ['location']),
};
