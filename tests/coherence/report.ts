import type { PhaseResult } from './checker.js';
import type { Kind, Window } from './latencies.js';

const PERCENT = 100;
const NOTHING = '–';

/** What went wrong in a phase, a line each; empty where nothing did. */
export function problemsOf({ name, traffic, hitsAgain }: PhaseResult): string[] {
  const { judge, errors, errorCount } = traffic;
  const byRead = [...judge.staleReads].map(([read, count]) => `${name}: ${String(count)} stale, ${read}`);
  const stale = judge.stale.map(
    ({ subject, least, seen, by }) => `${name}: STALE ${subject}: ${String(seen)} after ${String(least)} (${by})`,
  );
  return [
    ...(judge.staleCount > 0 ? [...byRead, ...stale] : []),
    ...(errorCount > 0 ? [`${name}: ${String(errorCount)} errors`, ...errors.map((error) => `${name}: ${error}`)] : []),
    ...(hitsAgain === false ? [`${name}: the cache is not hit again in time`] : []),
  ];
}

/** One line a phase. Latencies are the median and the 99th percentile, in ms. */
export function table(results: readonly PhaseResult[]): string {
  const head = ['phase', 'reads', 'writes', 'compared', 'stale', 'errors', 'sent again', 'keys', 'levels hit', 'hits back ms'];
  const latencyHead = ['read: 1st s of fault', 'read: else', 'write: 1st s of fault', 'write: else', 'faults'];
  const rows = [[...head, ...latencyHead], ...results.map(row)];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}

function row(result: PhaseResult): string[] {
  const { name, traffic, hitShares, hitsAgain, worstRecoveryMs } = result;
  const { judge, stage } = traffic;
  return [
    name,
    ...[
      traffic.reads,
      traffic.writes,
      judge.compared,
      judge.staleCount,
      traffic.errorCount,
      traffic.retries,
      traffic.revocations,
    ].map(String),
    hitShares.map((share) => (share === undefined ? NOTHING : `${(share * PERCENT).toFixed(1)} %`)).join(' '),
    hitsAgain === undefined ? NOTHING : hitsAgain ? worstRecoveryMs.toFixed(0) : 'not in time',
    ...(['read', 'write'] as const).flatMap((kind) => [latency(result, kind, 'fault'), latency(result, kind, 'rest')]),
    [...stage.faults].map(([what, count]) => `${String(count)} ${what}`).join(', '),
  ];
}

function latency({ traffic }: PhaseResult, kind: Kind, window: Window): string {
  const found = traffic.latencies.percentiles(kind, window);
  return found ? `${found.p50Ms.toFixed(1)} / ${found.p99Ms.toFixed(1)}` : NOTHING;
}
