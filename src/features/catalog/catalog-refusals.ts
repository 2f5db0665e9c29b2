import { DuplicateError, InvalidError, NotFoundError } from '../../kernel/errors.js';
import type { ConstraintRefusals } from '../../platform/database-errors.js';

const beneathItself = () => new InvalidError('A category cannot be moved beneath itself.', ['parent']);

/** What the database says when it is asked to break this room's rules. */
export const CATALOG_REFUSALS: ConstraintRefusals = {
  category_code_unique: () => new DuplicateError('The shop has a category of this code.', ['code']),
  category_parent_check: beneathItself,
  category_tree: beneathItself,
  category_shop_id_parent_id_foreign: () => new NotFoundError('The shop has no such category.', ['parent']),
  stock_item_sku_unique: () => new DuplicateError('The shop has an item of this SKU.', ['sku']),
  // The database's notion of upper case may differ from the program's for rare letters.
  stock_item_sku_check: () => new InvalidError('This SKU has letters that have no upper case: use others.', ['sku']),
  stock_item_shop_id_category_id_foreign: () => new NotFoundError('The shop has no such category.', ['category']),
  barcode_pkey: () => new DuplicateError('Another item has one of these barcodes.', ['barcodes']),
};
