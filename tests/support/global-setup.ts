import type { TestProject } from 'vitest/node';
import { findLeaks } from './secret-watch.js';
import { openTestRun, type TestRun } from './test-run.js';

const SHOWN_LEAKS = 10;

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- only an interface can be added to
  export interface ProvidedContext extends TestRun {}
}

let close: (() => Promise<void>) | undefined;
let scratchDir = '';

export async function setup(project: TestProject): Promise<void> {
  const opened = await openTestRun();
  close = opened.close;
  scratchDir = opened.run.scratchDir;
  for (const name of ['serverUrl', 'databasePrefix', 'templateDatabase', 'scratchDir'] as const)
    project.provide(name, opened.run[name]);
}

export async function teardown(): Promise<void> {
  const leaks = findLeaks(scratchDir);
  await close?.();
  if (leaks.length === 0) return;
  throw new Error(
    `Secrets of the tests are in the servers' logs, ${String(leaks.length)} lines:\n${leaks.slice(0, SHOWN_LEAKS).join('\n')}`,
  );
}
