import type { DomainError } from '../../kernel/errors.js';
import { formatQuantity } from '../../kernel/quantity.js';
import type { StockItem } from '../catalog/index.js';
import type { StockLevel } from '../stock/index.js';

type NamedItem = Pick<StockItem, 'name' | 'unit'>;
type ShownLevel = Pick<StockLevel, 'onHand'>;

/** What fits on a scanner's small screen and in one SMS. */
export const MAX_SAY_LENGTH = 120;
const MAX_SHOWN_CODE_LENGTH = 40;
const EACH = 'each';
const ELLIPSIS = '…';
const NOT_IN_A_LINE = /[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** "Maize meal 10 kg: 11 left", "Tomatoes loose: 3.5 kg left". No level yet: none left. */
export function sayLeft(item: NamedItem, level: ShownLevel | undefined): string {
  return sayOf(item.name, `${amount(item, level)} left`);
}

export function sayParked(code: string, isKept: boolean): string {
  return sayOf(shown(code), isKept ? 'unknown code, kept' : 'unknown code');
}

export function sayUnknown(code: string): string {
  return sayOf(shown(code), 'unknown code');
}

/** The reason in short, behind the item's name where the item is known. */
export function sayRefused(refusal: DomainError, item: NamedItem | undefined, level: ShownLevel | undefined): string {
  const reason =
    item && level && refusal.code === 'INSUFFICIENT_STOCK' ? `only ${amount(item, level)} left, nothing taken` : refusal.message;
  return item ? sayOf(item.name, reason) : cut(oneLine(reason), MAX_SAY_LENGTH);
}

function amount(item: NamedItem, level: ShownLevel | undefined): string {
  const onHand = level ? formatQuantity(level.onHand) : '0';
  return item.unit === EACH ? onHand : `${onHand} ${item.unit}`;
}

/** A name that is too long is cut, what is said of it is not: it stands last and matters most. */
function sayOf(name: string, what: string): string {
  const behind = cut(`: ${oneLine(what)}`, MAX_SAY_LENGTH - 1);
  return cut(oneLine(name), MAX_SAY_LENGTH - behind.length) + behind;
}

function shown(code: string): string {
  return cut(oneLine(code), MAX_SHOWN_CODE_LENGTH);
}

function oneLine(text: string): string {
  return text.replace(NOT_IN_A_LINE, ' ').trim();
}

/** By whole characters, so that none is torn in two. */
function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length + ELLIPSIS.length > maxLength) break;
    kept += character;
  }
  return kept.trimEnd() + ELLIPSIS;
}
