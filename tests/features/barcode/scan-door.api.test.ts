import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newSecret } from '../../../src/features/access/api-key-secret.js';
import { toGlobalId } from '../../../src/graphql/global-id.js';
import { newId } from '../../../src/kernel/ids.js';
import { appClient } from '../../support/app.js';
import { requireOrSkip } from '../../support/optional.js';
import { ScanApp } from './scan-app.js';
import type { ScanBench } from './scan-bench.js';

let scanApp: ScanApp;
let bench: ScanBench;
beforeAll(async () => {
  scanApp = await ScanApp.start();
  ({ bench } = scanApp);
});
afterAll(() => scanApp.stop());

describe('over plain HTTP', () => {
  test('a line each way; two scans of one code without id are two beeps', async () => {
    const code = bench.ean();
    await bench.item({ codes: { [code]: '1' }, onHand: '3' });
    const device = await scanApp.key('DEVICE', 'SALE');
    expect(await scanApp.post(device, code)).toEqual({ status: 200, body: 'OK Maize meal 10 kg: 2 left\n' });
    expect(await scanApp.post(device, code)).toEqual({ status: 200, body: 'OK Maize meal 10 kg: 1 left\n' });
    expect(await scanApp.post(device, `${code}\n${code}`)).toEqual({
      status: 207,
      body: 'OK Maize meal 10 kg: 0 left\nNO Maize meal 10 kg: only 0 left, nothing taken\n',
    });
    expect((await scanApp.post(device, code)).status).toBe(422);
  });

  test('JSON, aliases, a location by code or id, and an id that is kept', async () => {
    const code = bench.ean();
    await bench.item({ codes: { [code]: '1' } });
    const device = await scanApp.key('DEVICE', 'SALE');
    const scan = { content: code, qty: 2, mode: 'receive', loc: 'l2', id: 'beep-1', timestamp: Date.now() };
    const reply = await scanApp.post(device, scan, { accept: 'application/json' });
    expect([reply.status, JSON.parse(reply.body)]).toEqual([
      200,
      expect.objectContaining({
        id: 'beep-1',
        outcome: 'APPLIED',
        say: 'Maize meal 10 kg: 2 left',
        level: expect.objectContaining({ onHand: '2' }) as object,
        movement: expect.objectContaining({ kind: 'RECEIPT', quantity: '2', balanceAfter: '2' }) as object,
        parsed: { gtin: `0${code}` },
        userErrors: [],
      }),
    ]);
    expect((await scanApp.post(device, { ...scan, timestamp: Date.now() - 1000 })).status).toBe(200);
    expect((await scanApp.post(device, { ...scan, qty: 3 })).status).toBe(409);
    const byId = { code, mode: 'RECEIVE', location: toGlobalId('Location', bench.shop.locations[1]?.id ?? '') };
    expect(await scanApp.post(device, byId)).toEqual({ status: 200, body: 'OK Maize meal 10 kg: 3 left\n' });
  });

  test('an unknown code is kept, a wrong check digit is not, a reader is sent away', async () => {
    const device = await scanApp.key('DEVICE', 'SALE');
    const code = bench.ean();
    expect(await scanApp.post(device, code)).toEqual({ status: 202, body: `PARKED ${code}: unknown code, kept\n` });
    expect((await scanApp.post(device, '6001087340015')).status).toBe(422);
    expect((await scanApp.post(await scanApp.key('READER'), code)).status).toBe(403);
    expect((await scanApp.post(newSecret(), code)).status).toBe(401);
  });
});

const folder = process.env.SCAN_SAMPLES ?? '';
const STRINGS_PER_DEVICE = 100;
const hasSamples = existsSync(join(folder, 'scan-verdicts.jsonl'));
requireOrSkip(
  'real scans in a shop that knows none of them',
  hasSamples,
  'SCAN_SAMPLES names no folder of scan samples',
)(() => {
  const lines = (name: string) =>
    readFileSync(join(folder, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { code?: string; text?: string; outcome?: string; parsed?: object });

  test('each string gets a verdict over HTTP, none an error of the server', async () => {
    const strings = lines('scan-strings.jsonl');
    expect(strings.length).toBeGreaterThan(0);
    // Several devices, or they would be told to slow down.
    const scanAll = async (from: number): Promise<void> => {
      const device = await scanApp.key('DEVICE', 'ISSUE');
      for (const { text } of strings.slice(from, from + STRINGS_PER_DEVICE)) {
        const { status, body } = await scanApp.post(device, { code: text });
        expect([202, 422]).toContain(status);
        expect(body).toMatch(/^(PARKED|NO) .{1,120}\n$/u);
      }
    };
    const starts = strings.flatMap((_, index) => (index % STRINGS_PER_DEVICE === 0 ? [index] : []));
    await Promise.all(starts.map(scanAll));
  });

  test('each of the verdicts is as it is named', async () => {
    const graphql = appClient(scanApp.app, bench.shop.secret);
    const verdicts = lines('scan-verdicts.jsonl');
    expect(verdicts.length).toBeGreaterThan(0);
    for (const { code, outcome, parsed } of verdicts) {
      const input = { id: newId(), code, mode: 'ISSUE', location: toGlobalId('Location', bench.location.id) };
      const fields = 'symbology gtin lot expiresOn serial quantity weightKg';
      const { scan } = await graphql<{ scan: { outcome: string; parsed: object | null } }>(
        `mutation Scan($input: ScanInput!) { scan(input: $input) { outcome parsed { ${fields} } } }`,
        { input },
      );
      expect({ code, outcome: scan.outcome }).toEqual({ code, outcome });
      if (parsed) expect({ code, ...scan.parsed }).toMatchObject({ code, ...parsed });
    }
  });
});
