import { ChangeSetType } from '@mikro-orm/core';
import { describe, expect, test } from 'vitest';
import { ormConfig } from '../../mikro-orm.config.js';
import { mutationHooks } from '../../src/app/hooks.js';
import { ApiKey, Shop } from '../../src/features/access/index.js';
import { NO_CACHE } from '../../src/platform/cache/cache.js';

/** Who adds a kind of row decides: it is watched in hooks.ts, or nothing of it is ever cached and it stands here. */
const CACHED_NOWHERE = [
  'AlertNotice',
  'AuditEntry',
  'IdempotencyKey',
  'Invitation',
  'Membership',
  'Notification',
  'NotificationRecipient',
  'NotificationSubscription',
  'ParkedScan',
  'Person',
  'Principal',
  'ProductLookup',
  'StockAlert',
  'StockMovement',
  'StockReversal',
  'StoredFile',
  'WebhookDelivery',
  'WebhookEndpoint',
];
/** Nobody can have asked for one before it was there. */
const UNKNOWN_WHILE_NEW = [ApiKey, Shop].map(({ name }) => name);

interface Kind {
  readonly name: string;
  readonly prototype: object;
}

const KINDS = (ormConfig('postgresql://nowhere/none').entities ?? []) as unknown as Kind[];
const { stampsOf } = mutationHooks(NO_CACHE);

/** What is renewed when such a row is written, as the ORM would hand it over. */
function stampsOfRow({ prototype }: Kind, change: ChangeSetType): readonly string[] {
  const fields = Object.entries({ shopId: 'shop', id: 'row', stockItem: { id: 'item' } });
  const own = Object.fromEntries(fields.map(([name, value]) => [name, { value, enumerable: true }]));
  return stampsOf(Object.create(prototype, own) as object, change);
}

function namesOf(kinds: readonly Kind[]): string[] {
  return kinds.map(({ name }) => name).toSorted();
}

describe('after a commit', () => {
  test.each([ChangeSetType.UPDATE, ChangeSetType.UPDATE_EARLY, ChangeSetType.DELETE, ChangeSetType.DELETE_EARLY])(
    'the stamps of each kind of row are renewed, but of those that are cached nowhere (%s)',
    (change) => {
      expect(KINDS.length).toBeGreaterThan(CACHED_NOWHERE.length);
      expect(namesOf(KINDS.filter((kind) => stampsOfRow(kind, change).length === 0))).toEqual(CACHED_NOWHERE);
    },
  );

  test('those of new rows too: somebody may have been told that there is none', () => {
    const silent = KINDS.filter((kind) => stampsOfRow(kind, ChangeSetType.CREATE).length === 0);
    expect(namesOf(silent)).toEqual([...CACHED_NOWHERE, ...UNKNOWN_WHILE_NEW].toSorted());
  });

  test('a stamp tells shops apart', () => {
    const named = KINDS.flatMap((kind) => stampsOfRow(kind, ChangeSetType.UPDATE)).filter((stamp) => stamp !== 'access');
    expect(new Set(named)).toEqual(new Set(['shop/shop', 'levels/shop/item']));
  });
});
