import type { EntityManager } from '@mikro-orm/postgresql';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { isStorable } from '../access/index.js';
import type { ActKey } from './acts.js';

/** One text for a key and its scope, to look it up in a map. */
export function keyText({ scope, key }: ActKey): string {
  return `${scope}/${key}`;
}

export interface SpentKey {
  readonly key: ActKey;
  readonly inputHash: Buffer;
  readonly movementIds: readonly string[];
  readonly at: Date;
}

export class IdempotencyKeyRepository {
  constructor(private readonly em: EntityManager) {}

  /** Those that were spent, by keyText. One that cannot be stored was never spent, and PostgreSQL would not even compare it. */
  async findSpent(shopId: string, asked: readonly ActKey[]): Promise<Map<string, IdempotencyKey>> {
    const keys = asked.filter(({ key }) => isStorable(key));
    const scopes = [...new Set(keys.map(({ scope }) => scope))];
    const spent = await this.em.find(IdempotencyKey, {
      shopId,
      scope: { $in: scopes },
      key: { $in: keys.map(({ key }) => key) },
    });
    return new Map(spent.map((row) => [keyText(row), row]));
  }

  /** Adds them in the keys' own order, in which every writer adds them, so that two that share keys wait in one direction only. */
  spend(shopId: string, keys: readonly SpentKey[]): void {
    const inOrder = [...keys].sort((a, b) => (keyText(a.key) < keyText(b.key) ? -1 : 1));
    for (const { key, inputHash, movementIds, at } of inOrder) {
      const row = { shopId, scope: key.scope, key: key.key, inputHash, movementIds: [...movementIds], createdAt: at };
      this.em.persist(this.em.create(IdempotencyKey, row));
    }
  }
}
