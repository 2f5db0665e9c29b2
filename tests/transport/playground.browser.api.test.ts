import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireOrSkip } from '../support/optional.js';
import { KEYS, startSmallShop, type SmallShop } from './small-shop.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const EDITOR_SETTLES_MS = 1000;
const TABS = [
  { query: 'query Hello { hello }' },
  { query: 'query Guarded { guarded }' },
  { query: 'query Received($quantity: Decimal) { received(quantity: $quantity) }' },
];

requireOrSkip(
  'the playground, in a browser without a network',
  CHROMIUM !== undefined,
  'chromium is not installed',
)(() => {
  let shop: SmallShop;
  let browser: Browser;
  let page: Page;
  let url: string;
  const problems: string[] = [];
  const elsewhere: string[] = [];

  beforeAll(async () => {
    const headers = () => ({ authorization: `Bearer ${KEYS.reader}` });
    const variables = () => ({ quantity: '2.5', unused: 1 });
    shop = await startSmallShop({ playground: { enabled: true, headers, variables, tabs: TABS } });
    ({ url } = await shop.server.listen());
    browser = await chromium.launch({
      executablePath: CHROMIUM ?? '',
      args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1'],
    });
    page = await browser.newPage({ viewport: { width: 1300, height: 800 } });
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (!/^(blob:|data:)/.test(request.url()) && !request.url().startsWith(url)) elsewhere.push(request.url());
    });
    await page.goto(url);
    await page.waitForSelector('.graphiql-execute-button');
  });

  afterAll(async () => {
    await browser.close();
    await shop.server.close();
  });

  async function run(index: number): Promise<string> {
    await page.getByRole('tab').nth(index).click();
    // The editor reads the new tab's operation half a second after it is shown.
    await page.waitForTimeout(EDITOR_SETTLES_MS);
    await page.click('.graphiql-execute-button');
    const response = page.locator('.graphiql-response').filter({ hasText: '"data"' });
    await response.waitFor();
    return (await response.innerText()).replace(/\s/g, '');
  }

  test('has the example tabs, and each runs as it stands', async () => {
    expect(new URL(page.url()).pathname).toBe('/graphql');
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['Hello', 'Guarded', 'Received']);
    expect(await run(0)).toContain('"hello":"world"');
    expect(await run(1)).toContain('"guarded":"READER"');
    expect(await run(2)).toContain('3.5');
  });

  test('loads nothing from elsewhere, and breaks no rule of its policy', async () => {
    const path = process.env.PLAYGROUND_SCREENSHOT;
    if (path) await page.screenshot({ path });
    expect(elsewhere).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('after a reload the demo key is still used', async () => {
    await page.reload();
    await page.waitForSelector('.graphiql-execute-button');
    expect(await run(1)).toContain('"guarded":"READER"');
  });
});
