import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { App } from '../../src/app.js';
import { openDemo, type Demo } from '../../src/demo.js';
import { createTestApp } from './app.js';
import { createTestDatabase } from './database.js';

export interface DemoApp {
  readonly app: App;
  readonly demo: Demo;
  close(): Promise<void>;
}

/** The whole program with the demo shop in it and its playground filled in, as a first start leaves it; without a port until it listens. */
export async function createDemoApp(): Promise<DemoApp> {
  const database = await createTestDatabase();
  const opened: { demo?: Demo } = {};
  const app = await createTestApp(database, {
    playground: { headers: () => opened.demo?.headers, variables: () => opened.demo?.variables },
  });
  const demo = await openDemo(app, mkdtempSync(join(inject('scratchDir'), 'demo-')), true);
  opened.demo = demo;
  const close = async (): Promise<void> => {
    await app.close();
    await database.drop();
  };
  return { app, demo, close };
}
