import { createTestApp, testConfig } from '../support/app.js';
import { createTestDatabase } from '../support/database.js';
import { createShop } from '../support/shop-fixture.js';
import { openTestRun } from '../support/test-run.js';

/** The server that check-attacks.ts attacks: a process of its own, in production mode, with a shop of 60 items. */
export interface Stage {
  readonly url: string;
  readonly secret: string;
}

const ITEMS = 60;

async function main(): Promise<void> {
  const { run, close } = await openTestRun();
  const database = await createTestDatabase({}, run);
  const app = await createTestApp(database, { config: testConfig({ NODE_ENV: 'production' }) });
  const { secret } = await createShop(database.orm.em, { items: ITEMS });
  const { url } = await app.listen();
  process.on('message', () => {
    // Twice: what the first look lets go of, the second one takes.
    globalThis.gc?.();
    globalThis.gc?.();
    process.send?.(process.memoryUsage.rss());
  });
  process.once('disconnect', () => {
    void app
      .close()
      .then(() => database.drop())
      .then(close);
  });
  process.send?.({ url, secret } satisfies Stage);
}

await main();
