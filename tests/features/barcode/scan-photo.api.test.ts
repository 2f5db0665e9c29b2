import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CodeReaderError } from '../../../src/features/barcode/code-reader.port.js';
import { graphqlReply } from '../../support/app.js';
import { FakeCodeReader } from '../../support/fake-code-reader.js';
import { EACH, ScanEndpointBench } from './scan-endpoint-bench.js';

const UNKNOWN = '6009510800012';
const DECODE = `mutation ($image: String!) { barcodeDecode(image: $image) {
  codes { value symbology parsed { symbology gtin lot addOn } } userErrors { code message path } } }`;

let bench: ScanEndpointBench;
const reader = new FakeCodeReader();
beforeAll(async () => {
  bench = await ScanEndpointBench.open({ adapters: { codeReader: reader } });
});
afterAll(() => bench.close());

const ean = (text: string) => ({ text, symbology: ']E0' });
const left = (count: number) => `OK Maize meal 10 kg: ${String(count)} left\n`;

async function send(key: string, photo: Buffer, query = ''): Promise<[number, string]> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'image/png' };
  const reply = await bench.app.inject({ method: 'POST', url: `/scan${query}`, headers, payload: photo });
  return [reply.statusCode, reply.body];
}

describe('POST /scan of a photo', () => {
  test('its code is a scan', async () => {
    const [key, before] = [await bench.device(), await bench.onHand()];
    expect(await send(key, reader.picture([ean(EACH)]), '?qty=3')).toEqual([200, left(before - 3)]);
    expect(await bench.onHand()).toBe(before - 3);
  });

  test('each of its codes is one, with a verdict of its own', async () => {
    const [key, before] = [await bench.device(), await bench.onHand()];
    const photo = reader.picture([ean(EACH), ean(UNKNOWN), { text: 'https://example.com', symbology: ']Q1' }]);
    expect(await send(key, photo)).toEqual([207, `${left(before - 1)}PARKED ${UNKNOWN}: unknown code, kept\n`]);
  });

  test('sent again under its id it moves nothing again; without one it is another photo', async () => {
    const [key, before] = [await bench.device(), await bench.onHand()];
    const photo = reader.picture([ean(EACH), { text: 'SHELF', symbology: ']C0' }]);
    const first = await send(key, photo, '?id=photo-1');
    expect(first).toEqual([207, `${left(before - 1)}PARKED SHELF: unknown code, kept\n`]);
    expect(await send(key, photo, '?id=photo-1')).toEqual(first);
    expect(await bench.onHand()).toBe(before - 1);
    // A second look that finds less is a photo sent again all the same.
    expect(await send(key, reader.picture([ean(EACH)]), '?id=photo-1')).toEqual([200, left(before - 1)]);
    expect((await send(key, reader.picture([ean(EACH)]), '?id=photo-1&qty=2'))[0]).toBe(409);
    expect(await send(key, photo, '?id=photo-2')).toEqual([207, expect.stringContaining(left(before - 2)) as string]);
    expect(await send(key, reader.picture([ean(EACH)]))).toEqual([200, left(before - 3)]);
    expect(await send(key, reader.picture([ean(EACH)]))).toEqual([200, left(before - 4)]);
  });

  test('no code says what to do, and nothing moves', async () => {
    const [key, before] = [await bench.device(), await bench.onHand()];
    expect(await send(key, reader.picture([]))).toEqual([422, expect.stringMatching(/^NO No code .*closer.*light.*\n$/)]);
    expect(await bench.onHand()).toBe(before);
  });

  test.each(['?mode=STEAL', '?qty=two', '?qty=1&qty=2', '?loc=MOON', '?id=%20', '?code=1', '?mode=COUNT'])(
    '%s moves nothing',
    async (query) => {
      const [key, before] = [await bench.device(), await bench.onHand()];
      expect(await send(key, reader.picture([ean(EACH)]), query)).toEqual([422, expect.stringMatching(/^NO [^\n]{5,}\n$/)]);
      expect(await bench.onHand()).toBe(before);
    },
  );

  test('a key that may not scan has its photo looked at by nobody', async () => {
    const auditor = await bench.key({ name: 'Auditor', role: 'READER' });
    const reads = reader.reads;
    expect((await send(auditor, reader.picture([ean(EACH)])))[0]).toBe(403);
    expect((await send('nothing', reader.picture([ean(EACH)])))[0]).toBe(401);
    expect(reader.reads).toBe(reads);
  });
});

describe('barcodeDecode', () => {
  async function decode(image: string, key?: string) {
    return graphqlReply(bench.app, key ?? (await bench.device()), DECODE, { image });
  }

  test('says what the codes say, and nothing moves and nothing is kept', async () => {
    const before = await bench.onHand();
    const label = { text: `010600108734000710LOT7`, symbology: ']C1' };
    const photo = reader.picture([label, { text: '978073520044951299', symbology: ']E3' }, ean('5449000000996')]);
    const codes = [
      { value: label.text, symbology: ']C1', parsed: { symbology: ']C1', gtin: '06001087340007', lot: 'LOT7', addOn: null } },
      {
        value: '978073520044951299',
        symbology: ']E3',
        parsed: { symbology: ']E3', gtin: '09780735200449', lot: null, addOn: '51299' },
      },
      { value: '5449000000996', symbology: ']E0', parsed: { symbology: ']E0', gtin: '05449000000996', lot: null, addOn: null } },
    ];
    const expected = { data: { barcodeDecode: { codes, userErrors: [] } } };
    expect(await decode(photo.toString('base64'))).toMatchObject(expected);
    expect(await decode(`data:image/png;base64,${photo.toString('base64')}`)).toMatchObject(expected);
    expect(await bench.onHand()).toBe(before);
    const { parkedScans } = await bench.owner<{ parkedScans: { nodes: { code: string }[] } }>(
      '{ parkedScans(first: 100) { nodes { code } } }',
    );
    expect(parkedScans.nodes.map(({ code }) => code)).not.toContain('5449000000996');
  });

  test.each([
    ['nothing', '', 'INVALID'],
    ['no Base64', 'ÄÖÜ!', 'INVALID'],
    ['half of a group', 'iVBO' + 'R', 'INVALID'],
    ['no image', Buffer.from('<html></html>').toString('base64'), 'UNSUPPORTED'],
  ])('%s is refused', async (_, image, code) => {
    const refused = { codes: [], userErrors: [{ code, message: expect.any(String) as string, path: ['image'] }] };
    expect(await decode(image)).toMatchObject({ data: { barcodeDecode: refused } });
  });

  test('an image without a code is NOT_FOUND, and too many at once are not userErrors', async () => {
    expect(await decode(reader.picture([]).toString('base64'))).toMatchObject({
      data: { barcodeDecode: { codes: [], userErrors: [{ code: 'NOT_FOUND', path: ['image'] }] } },
    });
    reader.refuses = new CodeReaderError('BUSY', 'Too many: try again.');
    const { errors } = await decode(reader.picture([]).toString('base64'));
    reader.refuses = undefined;
    expect(errors).toMatchObject([{ message: 'Too many: try again.', extensions: { code: 'TOO_MANY_REQUESTS' } }]);
  });
});
