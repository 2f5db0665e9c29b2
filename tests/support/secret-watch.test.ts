import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findLeaks } from './secret-watch.js';

const SECRET = 'a secret / with signs';
let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'stockroom-watch-'));
  mkdirSync(join(scratch, 'secret-watch'));
});
afterEach(() => {
  rmSync(scratch, { recursive: true });
});

function leaksOf(line: string): string[] {
  writeFileSync(join(scratch, 'secret-watch', '1.secrets'), `${JSON.stringify(SECRET)}\n`);
  writeFileSync(join(scratch, 'secret-watch', '2.log'), `{"msg":"before"}\n${line}\n`);
  return findLeaks(scratch);
}

test('a secret in a log is found, in whatever place and spelling, and is not shown again', () => {
  for (const shown of [SECRET, `x${SECRET}y`, `/scan/${encodeURIComponent(SECRET)}?a`]) {
    const [leak, ...others] = leaksOf(JSON.stringify({ msg: shown }));
    expect([others, leak?.includes('a secret of'), leak?.includes(SECRET)]).toEqual([[], true, false]);
  }
});

test('a log without one is clean, and so is a run without logs', () => {
  expect(leaksOf('{"msg":"a secret"}')).toEqual([]);
  expect(findLeaks(join(scratch, 'nothing'))).toEqual([]);
});
