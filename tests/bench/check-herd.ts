import { BenchError } from './bench-error.js';
import { startBenchServer, untilTrusted } from './bench-server.js';
import { beginCounting } from './counts.js';
import { herdCases, type HerdCase } from './herd-cases.js';
import { runHerd, type HerdResult, type Readers } from './herd.js';
import { connectTo } from './load.js';
import { openPlace, type Place } from './place.js';
import { aligned } from './report.js';
import { ask } from './requests.js';

const READERS = 500;
const SERVERS = ['A', 'B'];
const ITEMS = 1_000;
/** The first time the key was never read before, later it was changed just now. */
const TIMES = 5;
const READING = `loads: statements that read the key's table; stored, hits: of each server, by its own metrics.
Replies are wrong that do not show what was acknowledged before the reads began.`;

/** Lets many read one cold key at once, through two servers that share a Redis: how often is it loaded? Ends with 1 where a reply was wrong. */
async function main(): Promise<void> {
  const place = await openPlace(ITEMS);
  try {
    if (place.redis === undefined)
      throw new BenchError('there is no redis-server on this machine, which two servers need to share a cache');
    if (!(await beginCounting(place.db))) {
      console.error('the database server was started without pg_stat_statements: loads are not counted');
    }
    await withServers(place, async (readers) => {
      for (const herd of await herdCases(place)) await runCase(readers, herd);
    });
    console.log(`\n${READING}`);
  } finally {
    await place.close();
  }
}

async function withServers(place: Place, work: (readers: Readers) => Promise<void>): Promise<void> {
  const env = { DATABASE_URL: place.databaseUrl, REDIS_URL: place.redis?.url ?? '' };
  const servers = await Promise.all(SERVERS.map(() => startBenchServer(place.scratchDir, env)));
  const ports = servers.map(({ port }) => port);
  const connections = connectTo(ports, READERS);
  try {
    if (!(await untilTrusted(servers))) console.error('the cache is not used');
    await work({ db: place.db, servers, connections });
  } finally {
    for (const each of connections) each.close();
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function runCase(readers: Readers, herd: HerdCase): Promise<void> {
  const results: HerdResult[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    for (const writer of time === 0 ? [] : readers.connections.slice(0, 1)) await ask(writer, herd.change(time));
    results.push(await runHerd(readers, herd));
  }
  console.log(`\n${herd.title}: ${String(READERS)} reads at once over ${String(SERVERS.length)} servers`);
  const head = ['', 'loads', ...SERVERS.map((name) => `stored by ${name}`), ...SERVERS.map((name) => `hits in ${name}`), 'wrong'];
  const rows = results.map(({ loads, stored, hits, wrong }, time) => {
    const counts = [loads, ...stored, ...hits, wrong].map((count) => (count === undefined ? '-' : String(count)));
    return [time === 0 ? 'never read before' : 'just changed', ...counts];
  });
  for (const line of aligned([head, ...rows])) console.log(line);
  if (results.some(({ wrong }) => wrong > 0)) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof BenchError ? error.message : error);
  // At once: what was started so far is stopped by handlers of the exit, and would keep this process alive.
  process.exit(1);
}
