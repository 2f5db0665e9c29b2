import type { EndingResult } from './checker.js';
import { FEED_NAMES, type FeedName } from './listener.js';
import type { Observed, SocketSeen, UsesSeen } from './verdict.js';

const NOTHING = '–';
const HALF = 2;
const HEAD = [
  'ending',
  'rounds',
  'uses/s',
  'let in after',
  'last let in: sent',
  'answered',
  ...FEED_NAMES.map((feed) => `${feed}: closed after`),
  'codes',
  'told after',
  'last told',
  'told of later',
];

/**
 * One line an ending. Times are ms after the acknowledgement, the worst of all rounds, server by server; of sockets that were closed the median and
 * the worst.
 */
export function table(results: readonly EndingResult[]): string {
  const rows = [HEAD, ...results.map(row)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((cells) => line(cells).trimEnd()).join('\n');
}

function row({ name, rounds }: EndingResult): string[] {
  const sockets = rounds.flatMap((round) => round.sockets);
  const codes = [...new Set(sockets.map(({ code }) => (code === undefined ? 'open' : String(code))))];
  return [
    name,
    String(rounds.length),
    rounds.length === 0 ? NOTHING : whole(Math.min(...rounds.map(({ perSecond }) => perSecond))),
    byServer(rounds, ({ letInAfter }) => letInAfter, sum),
    byServer(rounds, ({ lastSentMs }) => lastSentMs, worst),
    byServer(rounds, ({ lastAnsweredMs }) => lastAnsweredMs, worst),
    ...FEED_NAMES.map((feed) => closedAfter(sockets, feed)),
    codes.join(', '),
    String(sum(sockets.map(({ heardAfter }) => heardAfter))),
    sockets.length === 0 ? NOTHING : whole(worst(sockets.flatMap(({ lastHeardMs }) => lastHeardMs ?? []))),
    String(sum(sockets.map(({ heardOfLater }) => heardOfLater))),
  ];
}

function byServer(rounds: readonly Observed[], of: (uses: UsesSeen) => number, all: (values: number[]) => number): string {
  const servers = Math.max(0, ...rounds.map(({ uses }) => uses.length));
  const each = Array.from({ length: servers }, (_, server) => all(rounds.flatMap(({ uses }) => uses[server] ?? []).map(of)));
  return each.map(whole).join(' / ') || NOTHING;
}

function closedAfter(sockets: readonly SocketSeen[], feed: FeedName): string {
  const times = sockets.filter((socket) => socket.feed === feed).flatMap(({ closedMs }) => closedMs ?? []);
  if (times.length === 0) return NOTHING;
  const sorted = times.toSorted((a, b) => a - b);
  return `${whole(sorted[Math.floor(sorted.length / HALF)] ?? 0)} … ${whole(worst(times))}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function worst(values: readonly number[]): number {
  return Math.max(...values);
}

/** Without the sign that what is rounded to nothing would keep. */
function whole(value: number): string {
  return String(Math.round(value) + 0);
}
