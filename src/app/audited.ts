import { ChangeSetType } from '@mikro-orm/core';
import { ApiKey, Location, Shop } from '../features/access/index.js';
import { StockAlert } from '../features/alerts/index.js';
import { Barcode, Category, StockItem } from '../features/catalog/index.js';
import { StoredFile } from '../features/files/index.js';
import { NotificationRecipient } from '../features/notifications/index.js';
import { Invitation, Membership } from '../features/people/index.js';
import { StockLevel } from '../features/stock/index.js';
import { WebhookEndpoint } from '../features/webhooks/index.js';
import type { AuditAction, AuditNote } from '../platform/audit/audit-note.js';

type NotesOf<Entity> = (entity: Entity, change: ChangeSetType, changed: readonly string[]) => readonly AuditNote[];
type Kind<Entity> = abstract new (...args: never) => Entity;

/** A kind of row, and what the audit log says of one that was written. */
interface Audited {
  readonly type: Kind<object>;
  readonly notesOf: NotesOf<never>;
}

interface Row {
  readonly shopId: string;
  readonly id: string;
}

function audit<Entity extends object>(type: Kind<Entity>, notesOf: NotesOf<Entity>): Audited {
  return { type, notesOf };
}

/** Each that was made, changed or deleted, unless nothing but these was changed: they follow from something else. */
function changesOf(type: Kind<Row>, ...derived: readonly string[]): Audited {
  const isTold = (field: string): boolean => field !== 'updatedAt' && !derived.includes(field);
  return audit(type, (row, change, changed) => {
    const action = actionOf(change);
    const fields = action === 'UPDATED' ? changed.filter(isTold) : [];
    return action === 'UPDATED' && fields.length === 0 ? [] : [noteOf(type.name, row, action, fields)];
  });
}

/** Each of which one of these was changed; what else becomes of it is told elsewhere: by the ledger, say. */
function changesIn(type: Kind<Row>, ...told: readonly string[]): Audited {
  return audit(type, (row, change, changed) => {
    const fields = changed.filter((field) => told.includes(field));
    return actionOf(change) === 'UPDATED' && fields.length > 0 ? [noteOf(type.name, row, 'UPDATED', fields)] : [];
  });
}

function noteOf(subjectType: string, { shopId, id }: Row, action: AuditAction, fields: readonly string[]): AuditNote {
  return { shopId, action, subjectType, subjectId: id, fields };
}

function actionOf(change: ChangeSetType): AuditAction {
  switch (change) {
    case ChangeSetType.CREATE:
      return 'CREATED';
    case ChangeSetType.UPDATE:
    case ChangeSetType.UPDATE_EARLY:
      return 'UPDATED';
    case ChangeSetType.DELETE:
    case ChangeSetType.DELETE_EARLY:
      return 'DELETED';
  }
}

/**
 * What the audit log says of each kind of row that a transaction wrote, in one place, whoever wrote it. What is not here is a record of its own (the ledger,
 * scans, messages), and stands in the list of the test beside it.
 */
const AUDITED: readonly Audited[] = [
  audit(Shop, ({ id }, change, changed) => {
    const fields = changed.filter((field) => !['updatedAt', 'webhookKinds', 'notifies'].includes(field));
    const action = actionOf(change);
    return action === 'UPDATED' && fields.length === 0
      ? []
      : [noteOf('Shop', { shopId: id, id }, action, action === 'UPDATED' ? fields : [])];
  }),
  changesOf(ApiKey, 'lastUsedAt', 'previousSecretHash', 'previousSecretEndsAt'),
  changesOf(Membership),
  changesOf(Invitation, 'secretHash'),
  changesOf(Location),
  changesOf(Category),
  changesOf(StockItem, 'searchText'),
  audit(Barcode, ({ shopId, stockItem }) => [noteOf('StockItem', { shopId, id: stockItem.id }, 'UPDATED', ['barcodes'])]),
  changesIn(StockLevel, 'reorderPoint', 'reorderQuantity', 'leadTimeDays'),
  changesIn(StockAlert, 'acknowledgedAt', 'acknowledgedBy'),
  changesOf(StoredFile, 'uploadKey', 'objectKey', 'thumbnailKey', 'claimedAt', 'expiresAt', 'missingAt'),
  changesOf(WebhookEndpoint, 'lastSequence'),
  changesOf(NotificationRecipient, 'linkSecret'),
];

/** What is to be said of a row that was written; nothing of kinds that are not in the table. */
export function auditNotesOf(entity: object, change: ChangeSetType, changed: readonly string[]): readonly AuditNote[] {
  const audited = AUDITED.find(({ type }) => entity instanceof type);
  return audited ? audited.notesOf(entity as never, change, changed) : [];
}
