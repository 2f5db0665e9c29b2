import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../../src/app.js';
import { appClient, createTestApp } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { GraphQLClient } from '../../support/graphql-client.js';
import { leftOutName } from '../../support/left-out.js';

const FOLDER = process.env.SCAN_SAMPLES ?? '';
const STRINGS = join(FOLDER, 'scan-strings.jsonl');
const VERDICTS = join(FOLDER, 'scan-verdicts.jsonl');
const STATUSES = [202, 422];
const SCAN = `mutation ($input: ScanInput!) { scan(input: $input) {
  outcome say stockItem { id } parsed { symbology gtin lot expiresOn serial quantity weightKg } userErrors { code path } } }`;

function linesOf<T>(file: string): T[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}

interface Scanned {
  outcome: string;
  say: string;
  parsed: Record<string, unknown> | null;
}

const IS_THERE = existsSync(STRINGS) && existsSync(VERDICTS);
const NAME = 'real scans, in a shop that knows none of them';

// The samples are not ours to publish, so a run without them is a whole run.
describe.skipIf(!IS_THERE)(IS_THERE ? NAME : leftOutName(NAME, 'SCAN_SAMPLES names no folder of scan samples'), () => {
  let database: TestDatabase;
  let app: App;
  let owner: GraphQLClient;
  let device: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await createTestApp(database);
    const { secret } = await app.services.shops.create({ name: 'Samples', currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
    owner = appClient(app, secret);
    const { apiKeyCreate } = await owner<{ apiKeyCreate: { secret: string } }>(
      'mutation { apiKeyCreate(input: { name: "Till", role: DEVICE, mode: SALE }) { secret } }',
    );
    device = apiKeyCreate.secret;
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  test('each is parked or rejected in one line, and what is parked is kept as it was scanned', async () => {
    const texts = linesOf<{ text: string }>(STRINGS).map(({ text }) => text);
    const headers = { authorization: `Bearer ${device}`, 'content-type': 'application/json' };
    const parked: string[] = [];
    for (const code of texts) {
      const { statusCode, body } = await app.inject({ method: 'POST', url: '/scan', headers, payload: { code } });
      expect([code, STATUSES.includes(statusCode), body]).toEqual([code, true, expect.stringMatching(/^(PARKED|NO) [^\n]+\n$/)]);
      if (statusCode === 202) parked.push(code.trim());
    }
    expect(texts.length).toBeGreaterThan(300);
    expect((await waiting()).sort()).toEqual(parked.sort());
  });

  async function waiting(): Promise<string[]> {
    const codes: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const {
        parkedScans,
      }: { parkedScans: { nodes: { code: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } } = await owner(
        'query ($after: String) { parkedScans(first: 100, after: $after) { nodes { code } pageInfo { endCursor hasNextPage } } }',
        {
          after,
        },
      );
      codes.push(...parkedScans.nodes.map(({ code }) => code));
      ({ endCursor: after, hasNextPage: more } = parkedScans.pageInfo);
    }
    return codes;
  }

  const verdicts = IS_THERE ? linesOf<{ code: string; outcome: string; parsed?: object; note?: string }>(VERDICTS) : [];
  test.each(verdicts.map((line, index) => [line.note, line.code, { ...line, id: `verdict-${String(index)}` }] as const))(
    '%s: %j',
    async (_note, code, { id, outcome, parsed }) => {
      const { scan } = await appClient(app, device)<{ scan: Scanned }>(SCAN, { input: { id, code } });
      expect(scan).toMatchObject({ outcome, stockItem: null, ...(parsed && { parsed }) });
    },
  );
});
