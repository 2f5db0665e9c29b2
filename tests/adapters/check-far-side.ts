import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchError } from '../bench/bench-error.js';
import { startBenchServer, type BenchServer } from '../bench/bench-server.js';
import { connectTo } from '../bench/load.js';
import { openPlace, type Place } from '../bench/place.js';
import { aligned } from '../bench/report.js';
import { setUp } from '../bench/set-up.js';
import { readFacts } from '../bench/shop.js';
import { sumOf } from '../coherence/metrics.js';
import { MisbehavingServer } from '../support/misbehaving-server.js';
import { selfSigned } from '../support/self-signed.js';
import { FAULTS, WELL, type Fault } from './far-side/faults.js';
import { noScans, percentile, scan, type Scanners, type Scans } from './far-side/scanning.js';

const ITEMS = 500;
const [ROUNDS_WANTED = '3', ONLY = ''] = process.argv.slice(2);
const ROUNDS = Number(ROUNDS_WANTED);
const CALM_S = 8;
/** Longer than a look-up is waited for, so that mute far sides are seen to fail. */
const FAULT_S = 25;
/** A breaker may be open for so long at most before it tries again. */
const RECOVERY_S = 180;
const WARM_UP_S = 10;
const POLL_MS = 500;
const MAX_GROWTH_MB = 150;
const BYTES_PER_MB = 1_024 * 1_024;
const MEDIAN = 0.5;
const LATE = 0.99;
const TASK = 'product.look-up';
const READING = `Scans at an even pace, one in eight of an unknown code; calm: the far side answers. p99 x: fault to calm, all rounds together.
breaker: opened, and closed again within so many seconds of the far side's recovery. Jobs: what they said while the fault lasted.`;

/** What was seen of one fault, all rounds together. */
interface Seen {
  readonly fault: Fault;
  readonly calm: Scans;
  readonly ill: Scans;
  readonly rssMb: { calm: number; ill: number };
  breakerOpened: boolean;
  recoveredInS: number;
  readonly reasons: Map<string, number>;
}

interface Bench {
  readonly place: Place;
  readonly server: BenchServer;
  readonly far: MisbehavingServer;
  readonly known: ReturnType<typeof selfSigned>;
  readonly scanners: Scanners;
}

/**
 * The real server with look-ups switched on, a far side that fails in all ways, and scanners that must not notice. Ends with 1 where they are
 * refused, memory grows or look-ups do not recover. Takes how many rounds, and a part of the title of the faults that are meant: 3 "5xx".
 */
async function main(): Promise<void> {
  const place = await openPlace(ITEMS);
  const known = selfSigned();
  const far = await MisbehavingServer.open({ tls: known });
  try {
    const stage = await setUp(place);
    const facts = await readFacts(place.db, place.shopId);
    const knownCodes = stage.hotSkus.flatMap((sku) => facts.get(sku)?.code ?? []);
    const trusted = join(place.scratchDir, 'far-side.pem');
    writeFileSync(trusted, known.cert);
    const server = await startBenchServer(place.scratchDir, {
      DATABASE_URL: place.databaseUrl,
      PRODUCT_LOOKUP: 'openfoodfacts',
      OPENFOODFACTS_URL: far.url,
      OPENFOODFACTS_PER_MINUTE: '1000000',
      NODE_EXTRA_CA_CERTS: trusted,
      LOG_LEVEL: 'error',
    });
    const connections = connectTo([server.port], 8);
    const bench = { place, server, far, known, scanners: { connections, deviceKeys: stage.deviceKeys, knownCodes } };
    await measure(bench);
    for (const connection of connections) connection.close();
    await server.stop();
  } finally {
    await far.close();
    await place.close();
  }
}

async function measure(bench: Bench): Promise<void> {
  const seen = FAULTS.filter(({ title }) => title.includes(ONLY)).map((fault): Seen => ({
    ...{ fault, calm: noScans(), ill: noScans(), rssMb: { calm: 0, ill: 0 }, reasons: new Map() },
    ...{ breakerOpened: false, recoveredInS: 0 },
  }));
  bench.far.behave(WELL);
  await scan(bench.scanners, noScans(), { seconds: WARM_UP_S });
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const each of seen) {
      process.stderr.write(`round ${String(round)} of ${String(ROUNDS)}: ${each.fault.title}\n`);
      await during(bench, each.calm, {
        seconds: CALM_S,
        watch: (_, rssMb) => (each.rssMb.calm = Math.max(each.rssMb.calm, rssMb)),
      });
      await breakIt(bench, each);
      await heal(bench, each);
    }
  }
  report(seen);
}

async function breakIt(bench: Bench, each: Seen): Promise<void> {
  bench.far.behave(each.fault.manner);
  if (each.fault.isStranger === true) bench.far.shows(selfSigned());
  const watch = (open: number, rssMb: number): void => {
    each.breakerOpened ||= open > 0;
    each.rssMb.ill = Math.max(each.rssMb.ill, rssMb);
  };
  await during(bench, each.ill, { seconds: FAULT_S, watch });
  const { rows } = await bench.place.db.query<{ reason: string | null; jobs: string }>(
    `select error as reason, count(*) as jobs from outbox_job where task = $1 and claim is null group by 1 order by 2 desc`,
    [TASK],
  );
  for (const { reason, jobs } of rows) {
    const shown = reason ?? '(waits for its turn)';
    each.reasons.set(shown, (each.reasons.get(shown) ?? 0) + Number(jobs));
  }
}

/** The far side is well again. An operator does not wait for the next tries; scanning goes on meanwhile. */
async function heal(bench: Bench, each: Seen): Promise<void> {
  bench.far.behave(WELL);
  if (each.fault.isStranger === true) bench.far.shows(bench.known);
  const startedAt = performance.now();
  let isDone = false;
  const scanning = scan(bench.scanners, noScans(), { seconds: RECOVERY_S, isDone: () => isDone });
  while (performance.now() - startedAt < RECOVERY_S * 1_000) {
    await sleep(POLL_MS);
    await bench.place.db.query('update outbox_job set run_at = now() where task = $1 and claim is null and run_at > now()', [
      TASK,
    ]);
    const { rows } = await bench.place.db.query<{ late: string }>(
      `select count(*) as late from outbox_job where task = $1 and (error is not null or created_at < now() - interval '3 s')`,
      [TASK],
    );
    const { open } = await stateOf(bench.server);
    if (open === 0 && Number(rows[0]?.late) === 0) break;
  }
  each.recoveredInS = Math.max(each.recoveredInS, (performance.now() - startedAt) / 1_000);
  isDone = true;
  await scanning;
}

/** Scans, and looks at the server now and then. */
async function during(
  { server, scanners }: Bench,
  seen: Scans,
  { seconds, watch }: { seconds: number; watch: (open: number, rssMb: number) => void },
): Promise<void> {
  const scanning = scan(scanners, seen, { seconds }).then(() => 'DONE' as const);
  do {
    const { open, rssMb } = await stateOf(server);
    watch(open, rssMb);
  } while ((await Promise.race([scanning, sleep(POLL_MS)])) !== 'DONE');
}

async function stateOf(server: BenchServer): Promise<{ open: number; rssMb: number }> {
  const metrics = await server.metrics();
  const open = ['open', 'half_open'].map((state) =>
    sumOf(metrics, 'stockroom_outbound_breakers', { name: 'openfoodfacts', state }),
  );
  return {
    open: open.reduce((sum, count) => sum + count, 0),
    rssMb: sumOf(metrics, 'process_resident_memory_bytes') / BYTES_PER_MB,
  };
}

function report(seen: readonly Seen[]): void {
  const head = [
    '',
    'scans',
    'calm p50',
    'p99',
    'fault p50',
    'p99',
    'p99 x',
    'RSS calm',
    'RSS fault',
    'breaker',
    'well again',
    'faults',
  ];
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const rows = seen.map(({ fault, calm, ill, rssMb, breakerOpened, recoveredInS }) => {
    const [calmLate, illLate] = [percentile(calm.latenciesMs, LATE), percentile(ill.latenciesMs, LATE)];
    return [
      fault.title,
      String(ill.latenciesMs.length),
      ms(percentile(calm.latenciesMs, MEDIAN)),
      ms(calmLate),
      ms(percentile(ill.latenciesMs, MEDIAN)),
      ms(illLate),
      (illLate / calmLate).toFixed(2),
      `${rssMb.calm.toFixed(0)} MB`,
      `${rssMb.ill.toFixed(0)} MB`,
      breakerOpened ? 'opened, closed' : 'stayed closed',
      `${recoveredInS.toFixed(1)} s`,
      String(calm.faults.length + ill.faults.length),
    ];
  });
  for (const line of aligned([head, ...rows])) console.log(line);
  console.log('\nJobs while the fault lasted:');
  for (const { fault, reasons } of seen) {
    for (const [reason, jobs] of reasons) console.log(`  ${fault.title}: ${String(jobs)} × ${reason}`);
  }
  console.log(`\n${READING}`);
  for (const { fault, calm, ill, rssMb, recoveredInS } of seen) {
    const wrong = [
      ...[...calm.faults, ...ill.faults].map((what) => `a scan was answered with ${what}`),
      ...(rssMb.ill - rssMb.calm > MAX_GROWTH_MB ? ['memory grew'] : []),
      ...(recoveredInS >= RECOVERY_S ? ['look-ups did not recover'] : []),
    ];
    for (const what of wrong) console.error(`${fault.title}: ${what}`);
    if (wrong.length > 0) process.exitCode = 1;
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof BenchError ? error.message : error);
  // At once: what was started so far is stopped by handlers of the exit, and would keep this process alive.
  process.exit(1);
}
