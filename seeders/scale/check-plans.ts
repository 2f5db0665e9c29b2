import pg, { type Client } from 'pg';
import { SERVER_ROLE, SHOP_SETTING } from '../../src/platform/postgres/server-role.js';
import { inShop } from '../../src/platform/tenancy.js';
import { loggedOrm, type LoggedOrm } from './plan-log.js';
import { KNOWN_PLANS, planCases } from './plan-cases.js';
import { planBuffers, planFaults, planSummary, type Plan } from './plan-node.js';
import { postAndTakeBack, readFaults } from './plan-posting.js';
import { findSample, type PlanSample } from './plan-sample.js';

const BIG_TABLE_ROWS = 10_000;

export interface CheckedStatement {
  readonly name: string;
  readonly sql: string;
  readonly ms: number;
  readonly buffers: number;
  readonly summary: string;
  readonly faults: readonly string[];
  /** Why the faults are left as they are. */
  readonly known: string | undefined;
}

/**
 * Runs what clients ask for through the readers and the service that serve it, and explains every statement that they send, as it was
 * logged, on the newest scale shop, as the role and for the shop that the server would ask as. Nothing that is written stays.
 */
export async function checkPlans(url: string): Promise<CheckedStatement[]> {
  const logged = loggedOrm(url);
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    const sample = await findSample(client);
    const bigTables = await findBigTables(client);
    await client.query(`select set_config('role', $1, false), set_config('${SHOP_SETTING}', $2, false)`, [
      SERVER_ROLE,
      sample.shopId,
    ]);
    return await inShop(sample.shopId, () => checkAll(client, { ...logged, sample, bigTables }));
  } finally {
    await client.end();
    await logged.orm.close();
  }
}

interface Checking extends LoggedOrm {
  readonly sample: PlanSample;
  readonly bigTables: ReadonlySet<string>;
}

async function checkAll(client: Client, { orm, statementsOf, sample, bigTables }: Checking): Promise<CheckedStatement[]> {
  const checked: CheckedStatement[] = [];
  for (const { name, run } of planCases(sample)) {
    for (const sql of await statementsOf(() => run(orm.em.fork()))) checked.push(await explain(client, name, { sql, bigTables }));
  }
  let reads: Awaited<ReturnType<typeof postAndTakeBack>> = [];
  const posting = 'acts posted';
  for (const sql of await statementsOf(async () => (reads = await postAndTakeBack(orm, sample)))) {
    if (!sql.includes('pg_stat_xact')) checked.push(await explain(client, posting, { sql, bigTables }));
  }
  const summary = reads.map(({ table, bySeqScan, byIndex }) => `${table} ${String(bySeqScan + byIndex)}`).join(', ');
  const whole = { name: posting, sql: 'all of it, with triggers and key checks', ms: 0, buffers: 0 };
  return [...checked, { ...whole, summary: `rows read: ${summary}`, faults: readFaults(reads, bigTables), known: undefined }];
}

async function explain(
  client: Client,
  name: string,
  { sql, bigTables }: { sql: string; bigTables: ReadonlySet<string> },
): Promise<CheckedStatement> {
  await client.query('begin');
  try {
    const { rows } = await client.query<{ 'QUERY PLAN': [Plan] }>(`explain (analyze, buffers, format json) ${sql}`);
    const plan = rows[0]?.['QUERY PLAN'][0];
    if (!plan) throw new Error(`No plan for: ${sql}`);
    const [ms, buffers] = [plan['Execution Time'], planBuffers(plan)];
    return { name, sql, ms, buffers, summary: planSummary(plan), faults: planFaults(plan, bigTables), known: KNOWN_PLANS[name] };
  } finally {
    await client.query('rollback');
  }
}

async function findBigTables(client: Client): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and reltuples > $1 and relnamespace = current_schema()::regnamespace`,
    [BIG_TABLE_ROWS],
  );
  return new Set(rows.map(({ name }) => name));
}
