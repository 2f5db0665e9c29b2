import { z } from 'zod';
import { wholeNumber } from './setting-rules.js';

const SOURCES = ['openfoodfacts', 'upcitemdb', 'template'] as const;
type Source = (typeof SOURCES)[number];
const FIELDS = ['name', 'brand', 'imageUrl'] as const;
type Fields = Readonly<Partial<Record<(typeof FIELDS)[number], readonly string[]>>>;

const LIST_HINT = `write off, or a list of ${SOURCES.join(', ')}, each once, such as openfoodfacts,upcitemdb`;
const URL_HINT = 'write a web address such as https://world.openfoodfacts.org, without user, password and query';
const TEMPLATE_HINT =
  'write a web address with {gtin} or {ean} in its path or query, such as https://example.com/products/{gtin}';
const FIELDS_HINT =
  'write where the answer has them, such as name=data.title,brand=data.brand,imageUrl=data.images.0; name must be there';
const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 86_400_000;
const MAX_QUESTIONS = 1_000_000;
const MAX_KEEP_DAYS = 3_650;
const MAX_NAME_LENGTH = 60;

function baseUrl(fallback: string) {
  return z
    .string()
    .refine(isBaseUrl, URL_HINT)
    .transform((text) => text.replace(/\/+$/, ''))
    .default(fallback);
}

/** Whatever can be sent in a header, without spaces at its ends. */
const secret = z.string().regex(/^[!-~]([ -~]{0,510}[!-~])?$/, 'write at most 512 letters, digits and signs');

export const productLookupSettings = {
  PRODUCT_LOOKUP: z.string().transform(readSources).default([]),
  PRODUCT_LOOKUP_KEEP_DAYS: wholeNumber(1, MAX_KEEP_DAYS, 90),
  PRODUCT_LOOKUP_UNKNOWN_KEEP_DAYS: wholeNumber(1, MAX_KEEP_DAYS, 7),
  OPENFOODFACTS_URL: baseUrl('https://world.openfoodfacts.org'),
  OPENFOODFACTS_PER_MINUTE: wholeNumber(1, MAX_QUESTIONS, 15),
  UPCITEMDB_URL: baseUrl('https://api.upcitemdb.com'),
  UPCITEMDB_KEY: secret.optional(),
  UPCITEMDB_PER_MINUTE: wholeNumber(1, MAX_QUESTIONS, 6),
  UPCITEMDB_PER_DAY: wholeNumber(1, MAX_QUESTIONS, 100),
  PRODUCT_LOOKUP_URL: z.string().refine(isTemplate, TEMPLATE_HINT).optional(),
  PRODUCT_LOOKUP_FIELDS: z.string().transform(readFields).optional(),
  PRODUCT_LOOKUP_NAME: z
    .string()
    .max(MAX_NAME_LENGTH, 'write at most 60 characters')
    .regex(/^[^\p{C}\p{Z}]([^\p{C}]*[^\p{C}\p{Z}])?$/u, 'write a name in one line, such as Wholesaler')
    .optional(),
  PRODUCT_LOOKUP_AUTHORIZATION: secret.optional(),
  PRODUCT_LOOKUP_PER_MINUTE: wholeNumber(1, MAX_QUESTIONS, 60),
};

type ProductLookupValues = z.output<z.ZodObject<typeof productLookupSettings>>;

/** Says what the source `template` cannot do without. */
export function needsTemplate(values: Partial<ProductLookupValues>, refusals: z.core.$RefinementCtx): void {
  // Beside other bad settings nothing is known of them.
  if (!Array.isArray(values.PRODUCT_LOOKUP) || !values.PRODUCT_LOOKUP.includes('template')) return;
  const needed = { PRODUCT_LOOKUP_URL: TEMPLATE_HINT, PRODUCT_LOOKUP_FIELDS: FIELDS_HINT };
  for (const [setting, message] of Object.entries(needed)) {
    if (values[setting as keyof typeof needed] === undefined) refusals.addIssue({ code: 'custom', path: [setting], message });
  }
}

export type ProductLookupConfig = ReturnType<typeof productLookupConfig>;

/** `order` is empty where nothing is looked up. */
export function productLookupConfig(values: ProductLookupValues) {
  const url = values.PRODUCT_LOOKUP_URL;
  const { name, ...others } = values.PRODUCT_LOOKUP_FIELDS ?? {};
  return {
    order: values.PRODUCT_LOOKUP,
    keepMs: values.PRODUCT_LOOKUP_KEEP_DAYS * MS_PER_DAY,
    keepUnknownMs: values.PRODUCT_LOOKUP_UNKNOWN_KEEP_DAYS * MS_PER_DAY,
    openfoodfacts: { url: values.OPENFOODFACTS_URL, limits: [perMinute(values.OPENFOODFACTS_PER_MINUTE)] },
    upcitemdb: {
      url: values.UPCITEMDB_URL,
      key: values.UPCITEMDB_KEY,
      limits: [perMinute(values.UPCITEMDB_PER_MINUTE), { questions: values.UPCITEMDB_PER_DAY, periodMs: MS_PER_DAY }],
    },
    template:
      url === undefined || name === undefined
        ? undefined
        : {
            name: values.PRODUCT_LOOKUP_NAME ?? new URL(url).hostname,
            url,
            fields: { name, ...others },
            authorization: values.PRODUCT_LOOKUP_AUTHORIZATION,
            limits: [perMinute(values.PRODUCT_LOOKUP_PER_MINUTE)],
          },
  };
}

function perMinute(questions: number) {
  return { questions, periodMs: MS_PER_MINUTE };
}

function readSources(text: string, refusals: z.core.$RefinementCtx<string>): Source[] {
  if (text.trim() === 'off') return [];
  const named = text.split(',').map((part) => part.trim());
  const sources = SOURCES.filter((source) => named.includes(source));
  if (sources.length !== named.length) refusals.addIssue(LIST_HINT);
  return named as Source[];
}

function readFields(text: string, refusals: z.core.$RefinementCtx<string>): Fields {
  const pairs = text.split(',').map((part) => part.trim().split('='));
  const fields = Object.fromEntries(pairs.map(([field = '', path = '']) => [field, path.split('.')])) as Fields;
  const isKnown = pairs.every(([field, path, ...rest]) => FIELDS.some((known) => known === field) && path && rest.length === 0);
  const isWhole = Object.values(fields).every((path) => path.every((step) => step !== ''));
  if (!isKnown || !isWhole || !fields.name || Object.keys(fields).length < pairs.length) refusals.addIssue(FIELDS_HINT);
  return fields;
}

function isWebUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.hash === '';
}

function isBaseUrl(text: string): boolean {
  return isWebUrl(text) && new URL(text).search === '';
}

function isTemplate(text: string): boolean {
  return isWebUrl(text) && /\{(gtin|ean)\}/.test(text);
}
