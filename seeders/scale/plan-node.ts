/** A node of what EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) says; rows are a mean of its loops. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly PlanNode[];
}

export interface Plan {
  readonly Plan: PlanNode;
  readonly 'Execution Time': number;
}

/** A page sorts what a search has found, not a table. */
const MAX_SORTED_ROWS = 2_500;
/** Rows that one step of a plan looks at and throws away, or reads in a scan that stops early. */
const MAX_DISCARDED_ROWS = 10_000;

/** Why a plan would get slower as the shop grows; empty for one that would not. */
export function planFaults({ Plan: root }: Plan, bigTables: ReadonlySet<string>): string[] {
  return walk(root).flatMap((node) => {
    const faults: string[] = [];
    const table = node['Relation Name'];
    const discarded = discardedRows(node);
    const read = discarded + rowsOf(node);
    const isBigScan = node['Node Type'].endsWith('Seq Scan') && table !== undefined && bigTables.has(table);
    // One that stops as soon as it has its few rows is no scan of the table.
    if (isBigScan && read > MAX_DISCARDED_ROWS) faults.push(`Seq Scan on ${table} reads ${count(read)} rows`);
    if (discarded > MAX_DISCARDED_ROWS) {
      faults.push(`${label(node)} looks at ${count(discarded)} rows in vain (limit ${count(MAX_DISCARDED_ROWS)})`);
    }
    const sorted = node['Node Type'].endsWith('Sort') ? inputRows(node) : 0;
    if (sorted > MAX_SORTED_ROWS) faults.push(`${label(node)} of ${count(sorted)} rows (limit ${count(MAX_SORTED_ROWS)})`);
    return faults;
  });
}

/** One line: node types from the outside in, with the rows that each gave. */
export function planSummary({ Plan: root }: Plan): string {
  return shape(root);
}

export function planBuffers({ Plan: root }: Plan): number {
  return (root['Shared Hit Blocks'] ?? 0) + (root['Shared Read Blocks'] ?? 0);
}

function shape(node: PlanNode): string {
  if (node['Actual Loops'] === 0) return `${label(node)} not run`;
  const own = `${label(node)} ${count(rowsOf(node))}`;
  const children = (node.Plans ?? []).map(shape);
  if (children.length === 0) return own;
  return `${own} ← ${children.length === 1 ? (children[0] ?? '') : `(${children.join(' | ')})`}`;
}

function label(node: PlanNode): string {
  const on = node['Index Name'] ?? node['Relation Name'];
  return on === undefined ? node['Node Type'] : `${node['Node Type']} ${on}`;
}

function inputRows(node: PlanNode): number {
  return (node.Plans ?? []).reduce((sum, child) => sum + rowsOf(child), 0);
}

function discardedRows(node: PlanNode): number {
  const inOneLoop =
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Join Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0);
  return inOneLoop * loops(node);
}

function rowsOf(node: PlanNode): number {
  return (node['Actual Rows'] ?? 0) * loops(node);
}

function loops(node: PlanNode): number {
  return node['Actual Loops'] ?? 1;
}

function walk(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(walk)];
}

function count(rows: number): string {
  return Math.round(rows).toLocaleString('en');
}
