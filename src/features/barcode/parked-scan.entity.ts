import { defineEntity, p } from '@mikro-orm/core';
import type { Quantity } from '../../kernel/quantity.js';
import { instantColumn, quantityColumn } from '../../platform/columns.js';
import { Location, Principal, Shop, type ScanMode } from '../access/index.js';

const ParkedScanSchema = defineEntity({
  name: 'ParkedScan',
  tableName: 'parked_scan',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    id: p.uuid().primary(),
    device: p.text(),
    /** The device's own id of the beep. */
    scanId: p.text(),
    /** As it was scanned. */
    code: p.text(),
    /** What naming the code will look for: a GTIN as 14 digits, other text as it is. */
    normalized: p.text(),
    mode: p.text().$type<ScanMode>(),
    /** As the device gave it; null where it gave none. */
    quantity: quantityColumn().nullable(),
    location: () =>
      p
        .manyToOne(Location)
        .joinColumns('shop_id', 'location_id')
        .ownColumns('location_id')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    actor: () =>
      p
        .manyToOne(Principal)
        .joinColumns('shop_id', 'actor_id')
        .ownColumns('actor_id')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    inputHash: p.blob(),
    seq: p.integer().nullable(),
    scannedAt: instantColumn(),
    createdAt: instantColumn(),
    /** When its code was named and the scan judged; a scan that was refused then stays parked. */
    resolvedAt: instantColumn().nullable(),
  },
  uniques: [{ name: 'parked_scan_device_unique', properties: ['shopId', 'device', 'scanId'] }],
  indexes: [
    { name: 'parked_scan_open_index', properties: ['shopId', 'id'], where: 'resolved_at is null' },
    { name: 'parked_scan_code_index', properties: ['shopId', 'normalized', 'id'], where: 'resolved_at is null' },
    { name: 'parked_scan_resolved_index', properties: ['resolvedAt'], where: 'resolved_at is not null' },
  ],
  checks: [{ name: 'parked_scan_mode_check', expression: "mode in ('LOOKUP', 'RECEIVE', 'ISSUE', 'SALE', 'COUNT')" }],
});

/** A beep whose code nobody knew, kept until someone names the code. */
export class ParkedScan extends ParkedScanSchema.class {
  declare quantity: Quantity | null;
}
ParkedScanSchema.setClass(ParkedScan);
