import { describe, expect, test } from 'vitest';
import { OpenFoodFacts } from '../../../src/adapters/product-lookup/open-food-facts.js';
import { TemplateSource } from '../../../src/adapters/product-lookup/template-source.js';
import { UpcItemDb } from '../../../src/adapters/product-lookup/upcitemdb.js';
import type { Outbound } from '../../../src/adapters/http/outbound.js';
import type { ProductSourcePort } from '../../../src/features/barcode/product-lookup.port.js';
import {
  answers,
  answersInvalidJson,
  blackhole,
  rateLimits,
  redirects,
  type Manner,
  type MisbehavingServer,
} from '../../support/misbehaving-server.js';
import { FakeSource } from '../../support/suggest.js';
import { openFarSide, openOutbound } from '../http/outbound-fixture.js';
import { productSourceContract, type SourceUnderTest } from './product-source-contract.js';

const TWO_HOURS_S = 7_200;
const LIMITS = [{ questions: 6, periodMs: 60_000 }];
const still = new AbortController().signal;
const EAN13 = '06001234567897';

interface Opened {
  readonly source: ProductSourcePort;
  readonly far: MisbehavingServer;
}

type Found = Parameters<SourceUnderTest['knows']>[0];
/** As the far sides document their answers. */
interface Dialect {
  readonly open: (outbound: Outbound, url: string) => ProductSourcePort;
  readonly found: (product: Found) => Manner;
  readonly notFound: Manner;
}

const OFF: Dialect = {
  open: (outbound, url) => new OpenFoodFacts(outbound, { url, limits: LIMITS }),
  found: ({ name, brand, imageUrl }) =>
    answers(200, {
      code: '5449000000996',
      status: 1,
      status_verbose: 'product found',
      product: { product_name: name, brands: `${brand},Tiger Brands`, quantity: '', image_front_url: imageUrl },
    }),
  notFound: answers(404, { code: '5449000000996', status: 0, status_verbose: 'product not found' }),
};
const UPC: Dialect = {
  open: (outbound, url) => new UpcItemDb(outbound, { url, key: undefined, limits: LIMITS }),
  found: ({ name, brand, imageUrl }) => {
    const item = {
      ean: '5449000000996',
      title: name,
      brand,
      model: '',
      images: ['http://plain.example/1.jpg', imageUrl],
      offers: [],
    };
    return answers(200, { code: 'OK', total: 1, offset: 0, items: [item] });
  },
  notFound: answers(200, { code: 'OK', total: 0, offset: 0, items: [] }),
};
const TEMPLATE: Dialect = {
  open: (outbound, url) =>
    new TemplateSource(outbound, {
      name: 'Wholesaler',
      url: `${url}/products/{gtin}?shown={ean}`,
      fields: { name: ['data', 'titles', '0'], brand: ['data', 'brand'], imageUrl: ['data', 'picture', 'url'] },
      authorization: 'Bearer wholesale-secret',
      limits: LIMITS,
    }),
  found: ({ name, brand, imageUrl }) => answers(200, { data: { titles: [name], brand, picture: { url: imageUrl } } }),
  notFound: answers(404, 'no such product'),
};
const DIALECTS = { 'Open Food Facts': OFF, UPCitemdb: UPC, 'a template': TEMPLATE };

async function open({ open: openSource }: Dialect): Promise<Opened> {
  const far = await openFarSide();
  const { outbound } = openOutbound({ retries: { maxAttempts: 1 } });
  return { source: openSource(outbound, far.url), far };
}

describe.each(Object.entries(DIALECTS))('%s', (_, dialect) => {
  productSourceContract(async () => {
    const { source, far } = await open(dialect);
    return {
      source,
      knows: (product) => {
        far.behave(dialect.found(product));
      },
      knowsNot: () => {
        far.behave(dialect.notFound);
      },
      isTired: () => {
        far.behave(rateLimits(TWO_HOURS_S));
      },
      isDown: () => {
        far.behave(answers(503, 'down'));
      },
      isMute: () => {
        far.behave(blackhole);
      },
      babbles: () => {
        far.behave(answersInvalidJson);
      },
    };
  });

  test.each([
    ['a page that wants somebody to log in', redirects('http://captive.example/login')],
    ['a page of somebody else', answers(200, '<html>Welcome to our WiFi</html>')],
    ['JSON of somebody else', answers(200, '"hello"')],
    ['a key that is not let in', answers(401, { error: 'no key' })],
  ])('is not taken in by %s', async (_case, manner) => {
    const { source, far } = await open(dialect);
    far.behave(manner);
    expect(await source.find(EAN13, still)).toMatchObject({ outcome: 'FAILED' });
  });

  test('is asked again when it says that it is down until then', async () => {
    const { source, far } = await open(dialect);
    far.behave(answers(503, 'down', { 'retry-after': String(TWO_HOURS_S) }));
    const asked = { outcome: 'LATER', retryAfterMs: TWO_HOURS_S * 1_000, isOwnLimit: true };
    expect(await source.find(EAN13, still)).toMatchObject(asked);
  });

  test('is left alone once it has failed too often, and says so', async () => {
    const far = await openFarSide();
    far.behave(answers(500, {}));
    const { outbound } = openOutbound({
      retries: { maxAttempts: 1 },
      breaker: { consecutiveFailures: 2, openMs: 60_000, maxOpenMs: 60_000 },
    });
    const source = dialect.open(outbound, far.url);
    const outcomes = [];
    for (let question = 1; question <= 3; question += 1) outcomes.push(await source.find(EAN13, still));
    expect(outcomes).toMatchObject([{ outcome: 'FAILED' }, { outcome: 'FAILED' }, { outcome: 'LATER', isOwnLimit: false }]);
    expect(far.requestCount).toBe(2);
  });
});

describe('the fake of the tests', () => {
  productSourceContract(() => {
    const source = new FakeSource('Fake', { outcome: 'UNKNOWN' });
    const fails = (): void => {
      source.answers({ outcome: 'FAILED', reason: 'Fake is down.' });
    };
    return Promise.resolve({
      source,
      knows: (product) => {
        source.answers({ outcome: 'FOUND', product });
      },
      knowsNot: () => {
        source.answers({ outcome: 'UNKNOWN' });
      },
      isTired: () => {
        source.answers({ outcome: 'LATER', reason: 'Fake is tired.', retryAfterMs: TWO_HOURS_S * 1_000, isOwnLimit: true });
      },
      isDown: fails,
      isMute: fails,
      babbles: fails,
    });
  });
});

test('each is asked in its own way', async () => {
  const asked = async (dialect: Dialect, gtin: string) => {
    const { source, far } = await open(dialect);
    far.behave(dialect.notFound);
    await source.find(gtin, still);
    return far.requests[0];
  };
  const fields = '?fields=code,product_name,product_name_en,generic_name,brands,quantity,image_front_url';
  expect((await asked(OFF, EAN13))?.url).toBe(`/api/v2/product/6001234567897${fields}`);
  expect((await asked(OFF, '00012345678905'))?.url).toBe(`/api/v2/product/0012345678905${fields}`);
  expect((await asked(OFF, '00000096385074'))?.url).toBe(`/api/v2/product/96385074${fields}`);
  expect((await asked(UPC, EAN13))?.url).toBe('/prod/trial/lookup?upc=6001234567897');
  expect(await asked(TEMPLATE, EAN13)).toMatchObject({
    url: '/products/06001234567897?shown=6001234567897',
    headers: { authorization: 'Bearer wholesale-secret' },
  });
});

test('UPCitemdb is asked with a key where there is one, and takes a pause where nothing remains of its limit', async () => {
  const far = await openFarSide();
  const { outbound, lines } = openOutbound();
  const source = new UpcItemDb(outbound, { url: far.url, key: 'only-for-this-test', limits: LIMITS });
  const reset = Math.floor(Date.now() / 1_000) + 600;
  far.behave(
    answers(200, { code: 'OK', total: 0, items: [] }, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) }),
    answers(400, { code: 'INVALID_UPC', message: 'Not a valid UPC code.' }),
  );
  const { pauseMs } = (await source.find(EAN13, still)) as { pauseMs: number };
  expect(pauseMs).toBeGreaterThan(590_000);
  expect(pauseMs).toBeLessThanOrEqual(600_000);
  expect(far.requests[0]).toMatchObject({
    url: '/prod/v1/lookup?upc=6001234567897',
    headers: { user_key: 'only-for-this-test', key_type: '3scale' },
  });
  expect(await source.find('10012345678902', still)).toEqual({ outcome: 'UNKNOWN' });
  expect(JSON.stringify(lines)).not.toContain('only-for-this-test');
});

test.each([
  [{ product_name: 'Maize Meal', quantity: '5 kg' }, 'Maize Meal 5 kg'],
  [{ product_name: 'Maize Meal 5KG', quantity: '5 kg' }, 'Maize Meal 5KG'],
  [{ product_name: '  ', product_name_en: 'Rice' }, 'Rice'],
  [{ product_name: 7, generic_name: 'Soap' }, 'Soap'],
])('Open Food Facts: %j is %s', async (product, name) => {
  const { source, far } = await open(OFF);
  far.behave(answers(200, { status: 1, product }));
  expect(await source.find(EAN13, still)).toMatchObject({ outcome: 'FOUND', product: { name } });
});

test('a product without a name is none', async () => {
  const { source, far } = await open(OFF);
  far.behave(answers(200, { status: 1, product: { brands: 'Ace' } }));
  expect(await source.find(EAN13, still)).toEqual({ outcome: 'UNKNOWN' });
});
