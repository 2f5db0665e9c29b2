import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDemoApp, type DemoApp } from '../support/demo-app.js';
import { requireOrSkip } from '../support/optional.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
/** The editor reads the new tab's operation half a second after it is shown. */
const CLICK_MS = 100;
const EDITOR_SETTLES_MS = 1000;
/** Each tab by its operation's name, and what its reply must show. */
const TABS = [
  ['AdminShop', /"timeZone": "Africa\/Johannesburg"/],
  ['AdminAddItem', /"sku": "EXAMPLE-SOUP-400G"/],
  ['ClientFind', /"endCursor": "\w+/],
  ['ClientReceive', /"quantity": "6"/],
  ['ClientSell', /"code": "INSUFFICIENT_STOCK"/],
  ['ClientHistory', /"kind": "RECEIPT"/],
  ['ScannerBeep', /"outcome": "APPLIED"/],
  ['ScannerBatch', /"outcome": "PARKED"/],
  ['ClientLowStock', /"reorderSuggestions": /],
  ['AdminWebhook', /"secret": "whsec_/],
  ['AdminUnknownCodes', /"totalCount": \d/],
  ['AdminWhoIsTold', /"phone": "\+27821234567"/],
  ['ClientPhoto', /"url": "http/],
] as const;

requireOrSkip(
  'the playground, in a browser without a network',
  CHROMIUM !== undefined,
  'chromium is not installed',
)(() => {
  let shop: DemoApp;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  const elsewhere: string[] = [];

  beforeAll(async () => {
    shop = await createDemoApp();
    const { url } = await shop.app.listen();
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
    await shop.close();
  });

  interface Run {
    /** What went over the wire for this very tab. */
    readonly reply: { data?: unknown; errors?: unknown };
    /** What the page then shows. */
    readonly shown: string;
  }

  async function run(name: string): Promise<Run> {
    const tab = page.getByRole('tab').filter({ hasText: name });
    // As long as a person's click: GraphiQL's own tabs would slide away from under it.
    await tab.getByRole('button', { name, exact: true }).click({ delay: CLICK_MS });
    await expect.poll(() => tab.getAttribute('aria-selected')).toBe('true');
    await page.waitForTimeout(EDITOR_SETTLES_MS);
    const replied = page.waitForResponse((response) => response.request().postData()?.includes(` ${name}`) ?? false);
    await page.click('.graphiql-execute-button');
    const reply = (await (await replied).json()) as Run['reply'];
    // The pane may show the former tab's reply for a moment.
    const [field = ''] = Object.keys(reply.data ?? {});
    const pane = page.locator('.graphiql-response').filter({ hasText: `"${field}"` });
    await pane.waitFor();
    return { reply, shown: (await pane.innerText()).replaceAll('\u00a0', ' ') };
  }

  test('has a tab for every example operation', async () => {
    expect(new URL(page.url()).pathname).toBe('/graphql');
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(TABS.map(([name]) => name));
  });

  describe('runs each tab as it stands', () => {
    test.each(TABS)('%s', async (name, expected) => {
      const { reply, shown } = await run(name);
      expect(reply.errors).toBeUndefined();
      expect(JSON.stringify(reply.data, null, 1)).toMatch(expected);
      expect(shown).toContain('"data"');
      expect(shown).not.toContain('"errors"');
      const folder = process.env.PLAYGROUND_SCREENSHOTS;
      if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
    });
  });

  test('after a reload the demo key is still used', async () => {
    await page.reload();
    await page.waitForSelector('.graphiql-execute-button');
    expect((await run('AdminShop')).reply).toMatchObject({ data: { shop: { currency: 'ZAR' } } });
  });

  test('loads nothing from elsewhere, and breaks no rule of its policy', () => {
    expect(elsewhere).toEqual([]);
    expect(problems).toEqual([]);
  });
});
