import { ChangeSetType } from '@mikro-orm/core';
import { describe, expect, test } from 'vitest';
import { ormConfig } from '../../mikro-orm.config.js';
import { auditNotesOf } from '../../src/app/audited.js';

/** Who adds a kind of row decides: the audit log tells of it (audited.ts), or it is a record of its own and stands here. */
const RECORDS_OF_THEIR_OWN = [
  'AlertNotice',
  'AuditEntry',
  'IdempotencyKey',
  'Notification',
  // Replaced as a whole, by hand: its service notes it of the person.
  'NotificationSubscription',
  'ParkedScan',
  // Belongs to no shop; what becomes of his memberships is told.
  'Person',
  // Follows from the key or the member that it stands for.
  'Principal',
  'ProductLookup',
  'StockMovement',
  'StockReversal',
  'WebhookDelivery',
];
/** Told of only where certain fields change: by name, one of them. */
const TOLD_IN_PART: Readonly<Record<string, string>> = { StockAlert: 'acknowledgedBy', StockLevel: 'reorderPoint' };

/** What follows from something else. */
const DERIVED: Readonly<Record<string, readonly string[]>> = {
  ApiKey: ['lastUsedAt'],
  Shop: ['webhookKinds', 'notifies'],
  StockItem: ['searchText'],
  StoredFile: ['claimedAt', 'objectKey', 'thumbnailKey'],
  WebhookEndpoint: ['lastSequence'],
};

interface Kind {
  readonly name: string;
  readonly prototype: object;
}

const KINDS = (ormConfig('postgresql://nowhere/none').entities ?? []) as unknown as Kind[];

function notesOfRow({ prototype }: Kind, change: ChangeSetType, changed: readonly string[]) {
  const fields = Object.entries({ shopId: 'shop', id: 'row', stockItem: { id: 'item' } });
  const own = Object.fromEntries(fields.map(([name, value]) => [name, { value, enumerable: true }]));
  return auditNotesOf(Object.create(prototype, own) as object, change, changed);
}

describe('the audit log', () => {
  test.each([ChangeSetType.CREATE, ChangeSetType.UPDATE, ChangeSetType.UPDATE_EARLY, ChangeSetType.DELETE])(
    'tells of each kind of row that is no record of its own (%s)',
    (change) => {
      const untold = KINDS.filter((kind) => notesOfRow(kind, change, ['name']).length === 0).map(({ name }) => name);
      expect(untold.toSorted()).toEqual([...RECORDS_OF_THEIR_OWN, ...Object.keys(TOLD_IN_PART)].toSorted());
    },
  );

  test('tells of what people change of rows that change by themselves', () => {
    for (const [name, field] of Object.entries(TOLD_IN_PART)) {
      const kind = KINDS.find((each) => each.name === name);
      if (!kind) throw new Error(`There is no ${name}.`);
      expect(notesOfRow(kind, ChangeSetType.UPDATE, ['onHand', 'version', 'updatedAt', 'resolvedAt'])).toEqual([]);
      expect(notesOfRow(kind, ChangeSetType.UPDATE, ['onHand', field])).toEqual([
        { shopId: 'shop', action: 'UPDATED', subjectType: name, subjectId: 'row', fields: [field] },
      ]);
    }
  });

  test('says nothing where only what follows from something else has changed', () => {
    for (const [name, derived] of Object.entries(DERIVED)) {
      const kind = KINDS.find((each) => each.name === name);
      if (!kind) throw new Error(`There is no ${name}.`);
      expect([name, notesOfRow(kind, ChangeSetType.UPDATE, ['updatedAt', ...derived])]).toEqual([name, []]);
      expect(notesOfRow(kind, ChangeSetType.UPDATE, ['updatedAt', 'name', ...derived])[0]?.fields).toEqual(['name']);
    }
  });
});
