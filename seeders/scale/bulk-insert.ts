import type { Client } from 'pg';
import { arrayLiteral } from '../../src/platform/sql.js';

/** How a column's values are handed over, and, where that is not its own type, what makes its own type of them. */
export interface BulkColumn {
  readonly type: string;
  readonly expression?: string;
}

export type BulkRow<C extends string> = Record<C, string | null>;

/**
 * Rows of one table of one shop, gathered column by column and inserted by one statement with one array a column. It needs no more than
 * the driver; most of the time goes into keys, indexes and constraints, which any other way in would pay as well.
 */
export class BulkInsert<C extends string> {
  private readonly names: readonly C[];
  private readonly statement: string;
  private columns: (string | null)[][];

  constructor(
    private readonly client: Client,
    private readonly shopId: string,
    private readonly table: string,
    columns: Readonly<Record<C, BulkColumn>>,
  ) {
    this.names = Object.keys(columns) as C[];
    this.columns = this.names.map(() => []);
    const specs = this.names.map((name) => columns[name]);
    const values = this.names.map((name, index) => specs[index]?.expression ?? `r.${name}`);
    const arrays = specs.map(({ type }, index) => `$${String(index + 2)}::${type}[]`);
    // The order is the rows' own, so that numbers which the database gives out follow it.
    this.statement = `insert into ${table} (shop_id, ${this.names.join(', ')})
      select $1::uuid, ${values.join(', ')}
      from unnest(${arrays.join(', ')}) with ordinality as r(${this.names.join(', ')}, place) order by r.place`;
  }

  get size(): number {
    return this.columns[0]?.length ?? 0;
  }

  add(row: BulkRow<C>): void {
    for (const [index, name] of this.names.entries()) this.columns[index]?.push(row[name]);
  }

  /** Sends what was gathered. */
  flush(): Promise<void> {
    return this.take()();
  }

  /** What was gathered, to be sent when the connection is free; the next rows can be gathered meanwhile. */
  take(): () => Promise<void> {
    if (this.size === 0) return () => Promise.resolve();
    const values = [this.shopId, ...this.columns.map(literal)];
    this.columns = this.names.map(() => []);
    return async () => {
      await this.client.query({ name: `bulk ${this.table}`, text: this.statement, values });
    };
  }
}

function literal(values: readonly (string | null)[]): string {
  if (!values.includes(null)) return arrayLiteral(values as string[]);
  return `{${values.map((value) => (value === null ? 'null' : arrayLiteral([value]).slice(1, -1))).join(',')}}`;
}
