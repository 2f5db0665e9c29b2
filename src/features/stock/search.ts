import type { Where } from '../../platform/where.js';

/** A trigram index finds a part of a word from here on; shorter ones are looked for at the beginnings of words only. */
const TRIGRAM_LENGTH = 3;
export const MAX_SEARCH_WORDS = 8;
export const MAX_SEARCH_LENGTH = 100;

/**
 * Every word of the search must be in the item's name, SKU or barcodes, in any order and any case. All conditions are on one column
 * with a trigram index. Words after the eighth are left out; a search for blanks finds everything.
 */
export function addSearch(where: Where, column: string, search: string): void {
  const words = search.slice(0, MAX_SEARCH_LENGTH).replaceAll('\0', ' ').toWellFormed().toLowerCase().split(/\s+/u);
  for (const word of words.filter((each) => each !== '').slice(0, MAX_SEARCH_WORDS)) {
    if (word.length >= TRIGRAM_LENGTH) where.add(`${column} like ?`, `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
    else where.add(`${column} ~ ?`, String.raw`(^|\s|[^[:alnum:]])` + word.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  }
}
