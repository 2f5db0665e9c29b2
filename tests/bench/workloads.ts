import type { SeededRandom } from '../../seeders/scale/random.js';
import { answerCheck } from './answers.js';
import type { Expected } from './expected.js';
import type { Job } from './load.js';
import { beepRequest, graphqlRequest, type BeepMode } from './requests.js';
import { HOT_ITEMS, PAGE_ITEMS, type Stage } from './set-up.js';

export const WORKLOAD_NAMES = ['lookup', 'scan', 'page', 'sale', 'mixed'] as const;
export type WorkloadName = (typeof WORKLOAD_NAMES)[number];

const HOT_CODES = `of ${String(HOT_ITEMS)} hot codes`;
export const WORKLOAD_TITLES: Readonly<Record<WorkloadName, string>> = {
  lookup: `look-up: GraphQL, an item by barcode with its levels, ${HOT_CODES}`,
  scan: `scan: POST /scan in mode LOOKUP, ${HOT_CODES}`,
  page: `page: GraphQL, ${String(PAGE_ITEMS)} items with category, its parent, levels and their locations`,
  sale: `sale: POST /scan, half SALE, half RECEIVE, ${HOT_CODES}`,
  mixed: 'mixed: 90 % look-up, 10 % POST /scan RECEIVE',
};

const LOOKUP = `query ($code: String!) {
  stockItem(by: { barcode: $code }) { id sku name salePrice onHand levels { onHand location { code } } }
}`;
const PAGE = `query ($after: String) {
  stockItems(first: ${String(PAGE_ITEMS)}, after: $after) {
    nodes { id sku name salePrice category { name parent { name } } levels { onHand location { code name } } }
  }
}`;
const READ_SHARE = 0.9;

/** Makes the requests of a workload, each with what its reply must be. */
export function workload(name: WorkloadName, stage: Stage, expected: Expected, random: SeededRandom): () => Job {
  const check = answerCheck(expected);
  const pick = <T>(all: readonly T[]): T => all[random.below(all.length)] as T;
  const hot = stage.hotSkus.map((sku) => {
    const { code } = expected.fact(sku);
    return { sku, code, request: graphqlRequest(stage.ownerKey, LOOKUP, { code }) };
  });
  const pages = stage.pages.map(({ after, skus }) => ({ skus, request: graphqlRequest(stage.ownerKey, PAGE, { after }) }));
  const lookup = (): Job => {
    const { sku, request } = pick(hot);
    return { request, judge: check.lookup(sku) };
  };
  const page = (): Job => {
    const { skus, request } = pick(pages);
    return { request, judge: check.page(skus) };
  };
  const scan = (mode: BeepMode) => (): Job => {
    const { sku, code } = pick(hot);
    const request = beepRequest(pick(stage.deviceKeys), code, mode);
    return { request, judge: mode === 'LOOKUP' ? check.scannedLookup(sku) : check.scannedMove(sku, mode) };
  };
  const [sell, receive] = [scan('SALE'), scan('RECEIVE')];
  const makers: Record<WorkloadName, () => Job> = {
    lookup,
    scan: scan('LOOKUP'),
    page,
    sale: () => (random.below(2) === 0 ? sell() : receive()),
    mixed: () => (random.fraction() < READ_SHARE ? lookup() : receive()),
  };
  return makers[name];
}
