import DataLoader from 'dataloader';
import type { Page } from './paging.js';

interface WantedPage {
  readonly parentId: string;
  readonly page: Page;
}

/**
 * Pages that belong to parents, such as the movements of an item: `load` is called once for all parents that want the same page, and gives
 * the rows of each, up to one more than the page's size. One for each request, as a DataLoader is.
 */
export function pageLoader<T>(
  load: (parentIds: readonly string[], page: Page) => Promise<ReadonlyMap<string, readonly T[]>>,
): (parentId: string, page: Page) => Promise<readonly T[]> {
  const loadAll = async (wanted: readonly WantedPage[]): Promise<(readonly T[])[]> => {
    const found = new Map<WantedPage, readonly T[]>();
    for (const group of Object.values(Object.groupBy(wanted, ({ page }) => pageKey(page)))) {
      if (!group?.[0]) continue;
      const ids = group.map(({ parentId }) => parentId);
      const rows = await load(ids, group[0].page);
      for (const each of group) found.set(each, rows.get(each.parentId) ?? []);
    }
    return wanted.map((each) => found.get(each) ?? []);
  };
  const loader = new DataLoader<WantedPage, readonly T[], string>(loadAll, {
    cacheKeyFn: ({ parentId, page }) => `${parentId}/${pageKey(page)}`,
  });
  return (parentId, page) => loader.load({ parentId, page });
}

function pageKey({ size, after }: Page): string {
  return JSON.stringify([size, after]);
}
