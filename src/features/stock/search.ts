import { arrayLiteral } from '../../platform/sql.js';
import type { Where } from '../../platform/where.js';

/** A trigram index finds a part of a word from here on; shorter ones are looked for at the beginnings of words only. */
const TRIGRAM_LENGTH = 3;
/** What a word can follow. Written out, because the index knows beginnings of words in LIKE but not in regular expressions. */
const BEFORE_A_WORD = ['', '% ', '%\n', '%-', '%/', '%.', '%,', '%(', '%&', '%+', "%'", '%"'];
export const MAX_SEARCH_WORDS = 8;
export const MAX_SEARCH_LENGTH = 100;

/**
 * Every word of the search must be in the item's name, SKU or barcodes, in any order and any case. All conditions are on one column
 * with a trigram index. Words after the eighth are left out; a search for blanks finds everything.
 */
export function addSearch(where: Where, column: string, search: string): void {
  const words = search.slice(0, MAX_SEARCH_LENGTH).replaceAll('\0', ' ').toWellFormed().toLowerCase().split(/\s+/u);
  for (const word of words.filter((each) => each !== '').slice(0, MAX_SEARCH_WORDS)) {
    const part = `${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    if (word.length >= TRIGRAM_LENGTH) where.add(`${column} like ?`, `%${part}`);
    else where.add(`${column} like any (?::text[])`, arrayLiteral(BEFORE_A_WORD.map((before) => before + part)));
  }
}
