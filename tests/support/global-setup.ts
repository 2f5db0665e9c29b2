import type { TestProject } from 'vitest/node';
import { openTestRun, type TestRun } from './test-run.js';

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- only an interface can be added to
  export interface ProvidedContext extends TestRun {}
}

let close: (() => Promise<void>) | undefined;

export async function setup(project: TestProject): Promise<void> {
  const opened = await openTestRun();
  close = opened.close;
  for (const name of ['serverUrl', 'databasePrefix', 'templateDatabase', 'scratchDir'] as const)
    project.provide(name, opened.run[name]);
}

export async function teardown(): Promise<void> {
  await close?.();
}
