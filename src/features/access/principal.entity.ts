import { defineEntity, p } from '@mikro-orm/core';
import type { PrincipalKind } from './principal-kind.js';
import { Shop } from './shop.entity.js';

const PrincipalSchema = defineEntity({
  name: 'Principal',
  tableName: 'principal',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    id: p.uuid().primary(),
    kind: p.text().$type<PrincipalKind>(),
    /** What it is called where it acted. */
    name: p.text(),
  },
  checks: [
    { name: 'principal_kind_check', expression: "kind in ('KEY', 'PERSON')" },
    { name: 'principal_name_check', expression: "name <> ''" },
  ],
});

/**
 * Who may act in a shop, or once might: each API key and each membership is one, under the same id. It is the pseudonym that the ledger
 * keeps, so it stays when the key is revoked or the person is forgotten.
 */
export class Principal extends PrincipalSchema.class {}
PrincipalSchema.setClass(Principal);
