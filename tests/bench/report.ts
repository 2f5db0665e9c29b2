import type { Counts } from './counts.js';
import type { Cell } from './measure.js';
import type { Setting } from './settings.js';
import { WORKLOAD_TITLES, type WorkloadName } from './workloads.js';

interface Column {
  readonly title: string;
  readonly of: (cells: readonly Cell[]) => string;
}

const CPU_NAMES = ['serverCpuMs', 'postgresCpuMs', 'redisCpuMs'] as const;

/** Behind the numbers: how to read them. */
export const READING = `Medians over the rounds; x: the median of each round's ratio to the first setting of the same round, above 1 is better.
Servers, PostgreSQL, Redis and the load share one machine, so requests per second and latencies say how busy it was as well:
CPU per request is the number to trust; PostgreSQL's is that of its whole server. "Others" is what everybody else took meanwhile.
SQL counts BEGIN and COMMIT too, and what servers do by themselves. Redis commands inside of scripts count each; round trips do not.`;

/** One table: the settings of a workload below each other. */
export function table(name: WorkloadName, settings: readonly Setting[], cells: readonly Cell[]): string {
  const [first] = settings;
  const base = cells.filter(({ workload, setting }) => workload === name && setting === first?.name);
  const columns = columnsFor(base);
  const rows = settings.map(({ name: setting, title }) => {
    const own = cells.filter((cell) => cell.workload === name && cell.setting === setting);
    return [title, ...columns.map(({ of }) => of(own))];
  });
  return [WORKLOAD_TITLES[name], ...aligned([['', ...columns.map(({ title }) => title)], ...rows])].join('\n');
}

function columnsFor(base: readonly Cell[]): Column[] {
  const number = (title: string, digits: number, of: (cell: Cell) => number | undefined): Column => ({
    title,
    of: (cells) => shown(median(cells.map(of)), digits),
  });
  const ratio = (title: string, of: (cell: Cell, base: Cell) => number | undefined): Column => ({
    title,
    of: (cells) => {
      const ratios = cells.map((cell) => {
        const other = base.find(({ round }) => round === cell.round);
        return other && of(cell, other);
      });
      return shown(median(ratios), 2);
    },
  });
  const count = (title: string, name: keyof Counts, digits: number): Column => number(title, digits, ({ each }) => each[name]);
  return [
    number('req/s', 0, ({ requestsPerSecond }) => requestsPerSecond),
    ratio('x', (cell, other) => cell.requestsPerSecond / other.requestsPerSecond),
    number('p50 ms', 1, ({ p50Ms }) => p50Ms),
    number('p99 ms', 1, ({ p99Ms }) => p99Ms),
    count('server CPU ms', 'serverCpuMs', 3),
    ratio('x', (cell, other) => quotient(other.each.serverCpuMs, cell.each.serverCpuMs)),
    count('PG CPU ms', 'postgresCpuMs', 3),
    count('Redis CPU ms', 'redisCpuMs', 3),
    number('all CPU ms', 3, ({ each }) => allCpuMs(each)),
    ratio('x', (cell, other) => quotient(allCpuMs(other.each), allCpuMs(cell.each))),
    count('SQL', 'statements', 2),
    count('Redis cmds', 'redisCommands', 2),
    count('round trips', 'roundTrips', 2),
    number('hits %', 1, ({ each }) => percent(each.cacheHits, each.cacheReads)),
    number('others cores', 1, ({ elsewhereCores }) => elsewhereCores),
    { title: 'faults', of: (cells) => String(cells.reduce((sum, { faults }) => sum + faults, 0)) },
  ];
}

/** Where the database is elsewhere its share is not known, and so neither is the sum. */
function allCpuMs(each: Counts): number | undefined {
  const parts = CPU_NAMES.map((name) => (name === 'redisCpuMs' ? (each[name] ?? 0) : each[name]));
  return parts.reduce<number | undefined>((sum, part) => (sum === undefined || part === undefined ? undefined : sum + part), 0);
}

function quotient(of: number | undefined, by: number | undefined): number | undefined {
  return of === undefined || by === undefined ? undefined : of / by;
}

function percent(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined || whole === 0 ? undefined : (100 * part) / whole;
}

function median(values: readonly (number | undefined)[]): number | undefined {
  const sorted = values.filter((value) => value !== undefined && Number.isFinite(value)).sort((a, b) => Number(a) - Number(b));
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

function shown(value: number | undefined, digits: number): string {
  return value === undefined ? '-' : value.toFixed(digits);
}

/** The first column to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
