import { defineConfig } from 'vitest/config';
import { LeftOutReporter } from './tests/support/reporter.js';

/** A first start makes a database cluster, which takes seconds on a busy machine. */
const TEST_TIMEOUT_MS = 30_000;
const HOOK_TIMEOUT_MS = 90_000;

export default defineConfig({
  // graphql 16 ships index.js and index.mjs: Vite takes the .mjs for our own files, Node takes the .js for node_modules, and the two
  // realms then reject each other's schemas. One alias keeps them the same.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    // The kinds: .test pure, .db.test on PostgreSQL, .api.test over HTTP, .race.test concurrent.
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    reporters: ['default', new LeftOutReporter()],
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: HOOK_TIMEOUT_MS,
  },
});
