import { defineEntity, p } from '@mikro-orm/core';
import { declaredTrigger, instantColumn } from '../../platform/columns.js';
import { Shop } from '../access/index.js';

/** Who makes the keys: a client of the stock mutations, or a device that scans. */
export type KeyScope = 'STOCK' | 'SCAN';

const IdempotencyKeySchema = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_key',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').createForeignKeyConstraint(false),
    scope: p.text().primary().$type<KeyScope>(),
    key: p.text().primary(),
    /** SHA-256 of the act as the client sent it, so that another act under the same key is told apart. */
    inputHash: p.blob(),
    /** What the act wrote, in order. */
    movementIds: p.array().columnType('uuid[]').$type<string[]>(),
    createdAt: instantColumn(),
  },
  triggers: [declaredTrigger('idempotency_key_append_only', 'before', ['update', 'delete'])],
  checks: [{ name: 'idempotency_key_scope_check', expression: "scope in ('STOCK', 'SCAN')" }],
});

/**
 * A key that an applied act has spent. It stands in a table of its own, because a unique key on a ledger that is partitioned by time
 * would have to contain the time.
 */
export class IdempotencyKey extends IdempotencyKeySchema.class {}
IdempotencyKeySchema.setClass(IdempotencyKey);
