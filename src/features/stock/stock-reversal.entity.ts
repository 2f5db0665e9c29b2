import { defineEntity, p } from '@mikro-orm/core';
import { declaredTrigger } from '../../platform/columns.js';
import { Shop } from '../access/index.js';
import { StockMovement } from './stock-movement.entity.js';

const StockReversalSchema = defineEntity({
  name: 'StockReversal',
  tableName: 'stock_reversal',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    /** No foreign key: the trigger sees that the reversal names it, and the reversal's own key that it is there. */
    movementId: p.uuid().primary(),
    reversal: () =>
      p
        .manyToOne(StockMovement)
        .joinColumns('shop_id', 'reversal_id')
        .ownColumns('reversal_id')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
  },
  triggers: [
    declaredTrigger('stock_reversal_append_only', 'before', ['update', 'delete']),
    declaredTrigger('stock_reversal_agrees', 'before', ['insert']),
  ],
});

/** Says that a movement was reversed, and by which one. Its primary key is what makes a second reversal impossible. */
export class StockReversal extends StockReversalSchema.class {}
StockReversalSchema.setClass(StockReversal);
