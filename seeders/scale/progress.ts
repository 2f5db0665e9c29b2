import type { ScaleProgress } from './load.js';

const BAR_WIDTH = 30;
const REDRAW_MS = 100;
const LINE_SHARE = 0.25;
const MS_PER_SECOND = 1_000;

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A bar that moves on a terminal; elsewhere a line for each quarter of each step, which a log can hold. */
export function progressOn(output: Output): ScaleProgress {
  return output.isTTY ? movingBar(output) : plainLines(output);
}

function movingBar(output: Output): ScaleProgress {
  const startedAt = performance.now();
  let drawnAt = 0;
  return (what, done, total) => {
    const isLast = done >= total;
    if (!isLast && performance.now() - drawnAt < REDRAW_MS) return;
    drawnAt = performance.now();
    const filled = Math.round((BAR_WIDTH * done) / Math.max(total, 1));
    const bar = '█'.repeat(filled).padEnd(BAR_WIDTH, '░');
    output.write(`\r\x1b[K${bar} ${describe(what, done, total)}, ${seconds(startedAt)}${isLast ? '\n' : ''}`);
  };
}

function plainLines(output: Output): ScaleProgress {
  const startedAt = performance.now();
  let last = { what: '', quarter: -1 };
  return (what, done, total) => {
    const quarter = Math.floor(done / Math.max(total, 1) / LINE_SHARE);
    if (what === last.what && quarter === last.quarter) return;
    last = { what, quarter };
    output.write(`${describe(what, done, total)}, ${seconds(startedAt)}\n`);
  };
}

function describe(what: string, done: number, total: number): string {
  return `${what}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
}

function seconds(startedAt: number): string {
  return `${((performance.now() - startedAt) / MS_PER_SECOND).toFixed(1)} s`;
}
