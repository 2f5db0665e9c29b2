import { unsubscribePage } from './templates/unsubscribe-page.js';
import type { UnsubscribeService } from './unsubscribe.service.js';

/** What the link in an e-mail leads to: pages, undefined for what is no link of ours. */
export function unsubscribeDoor(service: UnsubscribeService) {
  return {
    ask: async (token: string): Promise<string | undefined> => {
      const page = await service.show(token);
      return page && unsubscribePage(page, 'ASK');
    },
    stop: async (token: string): Promise<string | undefined> => {
      const page = await service.stop(token);
      return page && unsubscribePage(page, 'DONE');
    },
  };
}
