import { Migration } from '@mikro-orm/migrations';

/** Finds what is old: scans of codes that were named since, and what was learnt of codes. Scans that wait are few, and have an index already. */
export class Migration20261123000040_retention extends Migration {
  /** An index that is built concurrently cannot be built within a transaction. */
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    const indexes = [
      ['parked_scan_resolved_index', 'parked_scan (resolved_at) where resolved_at is not null'],
      ['product_lookup_expires_index', 'product_lookup (expires_at)'],
    ] as const;
    for (const [name, of] of indexes) {
      // What an attempt that was cut off has left is no index.
      this.addSql(`drop index concurrently if exists ${name};`);
      this.addSql(`create index concurrently ${name} on ${of};`);
    }
  }

  override down(): void {
    this.addSql(`drop index concurrently if exists product_lookup_expires_index;`);
    this.addSql(`drop index concurrently if exists parked_scan_resolved_index;`);
  }
}
