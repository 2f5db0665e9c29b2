import { InvalidError, type DomainError } from '../../kernel/errors.js';
import { isStorable } from '../access/index.js';
import type { StockAct } from './acts.js';

export const MAX_KEY_LENGTH = 200;
export const MAX_NOTE_LENGTH = 500;

/** What is wrong with an act as it stands, before anything is looked up. */
export function actFault(act: StockAct): DomainError | undefined {
  return keyFault(act.key.key) ?? noteFault(act) ?? quantityFault(act) ?? transferFault(act);
}

function keyFault(key: string): DomainError | undefined {
  if (key.trim() === '') return new InvalidError('Give each act a key of its own, for instance a UUID.', ['key']);
  if (key.length > MAX_KEY_LENGTH) return new InvalidError(`A key has at most ${String(MAX_KEY_LENGTH)} characters.`, ['key']);
  return isStorable(key) ? undefined : new InvalidError('The key has characters that cannot be stored.', ['key']);
}

function noteFault(act: StockAct): DomainError | undefined {
  const notes = { reason: act.reason, reference: act.type === 'MOVE' ? act.reference : undefined };
  for (const [field, text] of Object.entries(notes)) {
    if (text === undefined) continue;
    if (text.length > MAX_NOTE_LENGTH) return new InvalidError(`At most ${String(MAX_NOTE_LENGTH)} characters.`, [field]);
    if (!isStorable(text)) return new InvalidError('Has characters that cannot be stored.', [field]);
  }
  const needsReason = act.type === 'MOVE' && act.kind === 'ADJUSTMENT';
  return needsReason && (act.reason ?? '').trim() === ''
    ? new InvalidError('Say why: an adjustment needs a reason.', ['reason'])
    : undefined;
}

function quantityFault(act: StockAct): DomainError | undefined {
  if (act.type === 'REVERSAL') return undefined;
  const { quantity } = act;
  const kind = act.type === 'MOVE' ? act.kind : act.type;
  if (kind === 'ADJUSTMENT')
    return quantity.isZero() ? new InvalidError('An adjustment of 0 changes nothing.', ['quantity']) : undefined;
  if (kind === 'COUNT') {
    return quantity.isNegative() && !quantity.isZero()
      ? new InvalidError('What was counted is 0 or more.', ['quantity'])
      : undefined;
  }
  return quantity.gt(0) ? undefined : new InvalidError('The quantity must be more than 0.', ['quantity']);
}

function transferFault(act: StockAct): DomainError | undefined {
  if (act.type !== 'TRANSFER' || act.from.id === undefined || act.from.id !== act.to.id) return undefined;
  return new InvalidError('A transfer goes from one location to another.', ['to']);
}
